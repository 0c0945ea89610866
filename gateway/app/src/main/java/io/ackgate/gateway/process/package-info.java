/**
 * The process: the gateway, the metadata store, and the replicas unless they are processes of their
 * own. It is put together from the parts of a cluster; only the transport to the replicas is
 * another one. What the edge may know of the processes around it is said by interfaces.
 */
@NullMarked
package io.ackgate.gateway.process;

import org.jspecify.annotations.NullMarked;
