package io.ackgate.replication.wire;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;

/** {@link ReplicaSettings} to its message and back. */
final class SettingsCodec {
    private SettingsCodec() {}

    static io.ackgate.storage.v1.ReplicaSettings encode(ReplicaSettings settings) {
        return io.ackgate.storage.v1.ReplicaSettings.newBuilder()
                .setDurability(encode(settings.durability()))
                .setSegmentBytes(settings.segmentBytes())
                .setSegmentMillis(settings.segmentMillis())
                .setRetentionMillis(settings.retentionMillis())
                .setRetentionBytes(settings.retentionBytes())
                .setProducerExpirationMillis(settings.producerExpirationMillis())
                .build();
    }

    static io.ackgate.storage.v1.Durability encode(Durability durability) {
        return switch (durability) {
            case FSYNC -> io.ackgate.storage.v1.Durability.DURABILITY_FSYNC;
            case PAGE_CACHE -> io.ackgate.storage.v1.Durability.DURABILITY_PAGE_CACHE;
        };
    }

    static ReplicaSettings decode(boolean present, io.ackgate.storage.v1.ReplicaSettings message)
            throws MalformedMessageException {
        if (!present) {
            throw new MalformedMessageException("settings are missing");
        }
        return new ReplicaSettings(
                decode(message.getDurability(), message.getDurabilityValue()),
                message.getSegmentBytes(),
                message.getSegmentMillis(),
                message.getRetentionMillis(),
                message.getRetentionBytes(),
                message.getProducerExpirationMillis());
    }

    static Durability decode(io.ackgate.storage.v1.Durability durability, int number)
            throws MalformedMessageException {
        return switch (durability) {
            case DURABILITY_FSYNC -> Durability.FSYNC;
            case DURABILITY_PAGE_CACHE -> Durability.PAGE_CACHE;
            case DURABILITY_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedMessageException(
                            "durability is " + number + " and must be 1 (fsync) or 2 (page cache)");
        };
    }
}
