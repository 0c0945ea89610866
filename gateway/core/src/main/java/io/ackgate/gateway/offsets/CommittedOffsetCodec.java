package io.ackgate.gateway.offsets;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.gateway.metadata.codec.UnreadableMetadataException;
import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.metadata.v1.CommittedOffset;

/** The position of a consumer group as bytes. */
final class CommittedOffsetCodec {
    private CommittedOffsetCodec() {}

    /** Bytes from which {@link #decode} makes an equal position. */
    static byte[] encode(Position position) {
        return CommittedOffset.newBuilder()
                .setOffset(position.offset())
                .setLeaderEpoch(position.leaderEpoch())
                .setMetadata(position.metadata())
                .setCommittedMillis(position.committedMillis())
                .build()
                .toByteArray();
    }

    /**
     * Reads a position.
     *
     * @throws UnreadableMetadataException if the bytes are none
     */
    static Position decode(byte[] bytes) {
        try {
            CommittedOffset message = CommittedOffset.parseFrom(bytes);
            return new Position(
                    message.getOffset(),
                    message.getLeaderEpoch(),
                    message.getMetadata(),
                    message.getCommittedMillis());
        } catch (InvalidProtocolBufferException unreadable) {
            throw new UnreadableMetadataException("a committed offset", unreadable);
        }
    }
}
