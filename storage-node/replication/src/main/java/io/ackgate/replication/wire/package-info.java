/**
 * The contract of {@link io.ackgate.storage.api} in the messages of {@code ackgate.storage.v1}:
 * what gateway and storage node share to talk over gRPC.
 *
 * <p>The codecs are exhaustive in both directions: what can be said can be sent, and a message that
 * says nothing, or something unknown, is refused with {@link
 * io.ackgate.replication.wire.MalformedMessageException} instead of being taken for something else.
 * Bytes of frames are shared with the message that carries them, never copied (ADR 0006).
 */
@NullMarked
package io.ackgate.replication.wire;

import org.jspecify.annotations.NullMarked;
