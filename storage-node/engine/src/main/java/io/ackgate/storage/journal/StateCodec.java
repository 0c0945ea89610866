package io.ackgate.storage.journal;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import java.nio.ByteBuffer;

/** Bytes of what stands both in the journal and in checkpoints. */
public final class StateCodec {
    public static final int SETTINGS_BYTES = 37;

    private StateCodec() {}

    /** Writes {@link #SETTINGS_BYTES}. */
    public static void putSettings(ByteBuffer target, ReplicaSettings settings) {
        target.put((byte) (settings.durability() == Durability.FSYNC ? 0 : 1))
                .putInt(settings.segmentBytes())
                .putLong(settings.segmentMillis())
                .putLong(settings.retentionMillis())
                .putLong(settings.retentionBytes())
                .putLong(settings.producerExpirationMillis());
    }

    /** Reads what {@link #putSettings} wrote. */
    public static ReplicaSettings settings(ByteBuffer source, int at) {
        return new ReplicaSettings(
                source.get(at) == 0 ? Durability.FSYNC : Durability.PAGE_CACHE,
                source.getInt(at + 1),
                source.getLong(at + 5),
                source.getLong(at + 13),
                source.getLong(at + 21),
                source.getLong(at + 29));
    }

    public static int code(Fault fault) {
        return switch (fault) {
            case CORRUPT -> 1;
            case IO_ERROR -> 2;
        };
    }

    public static Fault fault(int code) {
        return code == 2 ? Fault.IO_ERROR : Fault.CORRUPT;
    }
}
