/**
 * Streams to storage nodes in other processes, over gRPC.
 *
 * <p>A loop hands its requests to {@link io.ackgate.replication.client.GrpcTransport}; they wait in
 * the outbox of the node's stream until the loop's turn ends, leave as one message, and what the
 * node answers goes to the listener on the thread that read it. Frames are copied once on their way
 * out, into the socket's buffer, and once on their way in, out of it (ADR 0006).
 */
@NullMarked
package io.ackgate.replication.client;

import org.jspecify.annotations.NullMarked;
