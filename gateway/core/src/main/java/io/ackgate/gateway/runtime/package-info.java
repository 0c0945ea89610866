/**
 * What carries partitions: threads that step them, and the effects they ask for carried out.
 *
 * <p>A request enters at {@link io.ackgate.gateway.runtime.GatewayRuntime}, waits in the bounded
 * queue of the one thread its partition is pinned to, is stepped through {@link
 * io.ackgate.gateway.partition.Partition}, and what that decides goes to the storage transport, the
 * metadata store or back to the caller. Nothing here decides anything about replication.
 */
@NullMarked
package io.ackgate.gateway.runtime;

import org.jspecify.annotations.NullMarked;
