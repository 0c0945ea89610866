/**
 * The streams that gateways open to this node: bytes of the socket on one side, the engine's loop
 * on the other.
 *
 * <p>A message is decoded on the thread that read it and its requests go to {@link
 * io.ackgate.replication.server.Replicas} in their order; answers come back on the engine's thread
 * and leave as one message for each of its turns. When a stream ends, for whatever reason, the
 * engine is told, once.
 */
@NullMarked
package io.ackgate.replication.server;

import org.jspecify.annotations.NullMarked;
