/**
 * The gRPC services of {@code ackgate.v1}, on Mutiny: where calls from outside meet the loops of
 * partitions.
 *
 * <p>A call lives on the event loop that its connection is pinned to. Partitions answer on their
 * own threads; {@link io.ackgate.gateway.grpc.EventLoopTurns} brings answers back. Cancelling a
 * call drops the answer, never the write.
 */
@NullMarked
package io.ackgate.gateway.grpc;

import org.jspecify.annotations.NullMarked;
