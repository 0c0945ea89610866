/** The partition replicator. */
@NullMarked
package io.ackgate.gateway.partition;

import org.jspecify.annotations.NullMarked;
