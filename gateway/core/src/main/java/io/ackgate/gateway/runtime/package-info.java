/**
 * What carries partitions: threads that step them, and the effects they ask for carried out.
 *
 * <p>A request enters at {@link io.ackgate.gateway.runtime.GatewayRuntime}, waits in the queue of
 * the one thread its partition is pinned to, is stepped through {@link
 * io.ackgate.gateway.host.PartitionHost}, and what that decides goes to the storage transport, the
 * metadata store or back to the caller. Nothing here decides anything about replication or
 * ownership.
 */
@NullMarked
package io.ackgate.gateway.runtime;

import org.jspecify.annotations.NullMarked;
