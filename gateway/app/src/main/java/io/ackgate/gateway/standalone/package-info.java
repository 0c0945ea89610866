/**
 * One process that has everything: the gateway, the metadata store, and the replicas unless they
 * are processes of their own. It is put together from the parts of a cluster; only the transport to
 * the replicas is another one.
 */
@NullMarked
package io.ackgate.gateway.standalone;

import org.jspecify.annotations.NullMarked;
