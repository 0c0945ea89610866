package io.ackgate.storage.checkpoint;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.journal.StateCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a checkpoint. Only whole, checksummed ones are decoded. */
public final class CheckpointCodec {
    private static final int VERSION = 4;
    private static final int FIXED_ENTRY_BYTES = 191;
    private static final int LINK_BYTES = 12;
    private static final int SEGMENT_BYTES = 36;

    private CheckpointCodec() {}

    public static byte[] encode(Checkpoint checkpoint) {
        byte[] bootId = checkpoint.bootId().getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(64 + bootId.length);
        header.putInt(VERSION)
                .putInt(bootId.length)
                .put(bootId)
                .put((byte) (checkpoint.clean() ? 1 : 0))
                .putLong(checkpoint.knownMillis())
                .putLong(checkpoint.journalStart().generation())
                .putInt(checkpoint.journalStart().offset())
                .putInt(checkpoint.journalBlockBytes())
                .putLong(checkpoint.nextLogSerial())
                .putLong(checkpoint.oldestSerial())
                .putInt(checkpoint.replicas().size());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(header.array(), 0, header.position());
        for (ReplicaEntry entry : checkpoint.replicas()) {
            encode(entry, content);
        }
        return content.toByteArray();
    }

    private static void encode(ReplicaEntry entry, ByteArrayOutputStream content) {
        LogEntry log = entry.log();
        List<EpochChain.Link> links = log.chain().links();
        ByteBuffer producers = log.producers();
        ByteBuffer bytes =
                ByteBuffer.allocate(
                        FIXED_ENTRY_BYTES
                                + (producers == null ? 0 : producers.remaining())
                                + links.size() * LINK_BYTES
                                + log.segments().size() * SEGMENT_BYTES);
        Fault fault = entry.fault();
        bytes.putLong(entry.partition().topic().high())
                .putLong(entry.partition().topic().low())
                .putInt(entry.partition().partition())
                .putInt(entry.epoch())
                .putLong(entry.incarnation().value());
        StateCodec.putSettings(bytes, entry.settings());
        ReplicaEntry.Damage damage = entry.damage();
        bytes.putInt(fault == null ? 0 : StateCodec.code(fault))
                .putInt(damage == null ? 0 : StateCodec.code(damage.fault()))
                .putLong(damage == null ? 0 : damage.below())
                .putLong(entry.logSerial())
                .putLong(entry.highWatermark())
                .putLong(log.logStart())
                .putLong(log.logEnd())
                .putLong(log.syncedTo())
                .putLong(log.settledEnd())
                .putLong(log.cuttingTo())
                .putLong(log.tailFrom())
                .put(code(log.unsyncedEnd()))
                .putInt(links.size())
                .putInt(log.segments().size());
        links.forEach(link -> bytes.putInt(link.epoch()).putLong(link.startOffset()));
        for (SegmentEntry segment : log.segments()) {
            bytes.putLong(segment.baseOffset())
                    .putInt(segment.bytes())
                    .putLong(segment.firstAppendMillis())
                    .putLong(segment.lastAppendMillis())
                    .putLong(segment.greatestTimestamp());
        }
        bytes.putInt(producers == null ? -1 : producers.remaining());
        if (producers != null) {
            bytes.put(producers.duplicate());
        }
        content.write(bytes.array(), 0, bytes.position());
    }

    /**
     * Decodes a whole checkpoint.
     *
     * @throws IOException if another version of the software wrote it in another format
     */
    static Checkpoint decode(ByteBuffer bytes) throws IOException {
        int version = bytes.getInt();
        if (version != VERSION) {
            throw new IOException(
                    "the checkpoint is whole and of format %d, and this version reads format %d:"
                                    .formatted(version, VERSION)
                            + " start the version that wrote it");
        }
        byte[] bootId = new byte[bytes.getInt()];
        bytes.get(bootId);
        boolean clean = bytes.get() == 1;
        long knownMillis = bytes.getLong();
        JournalPosition start = new JournalPosition(bytes.getLong(), bytes.getInt());
        int blockBytes = bytes.getInt();
        long nextLogSerial = bytes.getLong();
        long oldestSerial = bytes.getLong();
        int count = bytes.getInt();
        List<ReplicaEntry> replicas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replicas.add(decodeEntry(bytes));
        }
        return new Checkpoint(
                new String(bootId, StandardCharsets.UTF_8),
                clean,
                knownMillis,
                start,
                blockBytes,
                nextLogSerial,
                oldestSerial,
                replicas);
    }

    private static byte code(UnsyncedEnd end) {
        return switch (end) {
            case IN_HAND -> 0;
            case MAY_BE_GONE -> 1;
            case LEFT_BEHIND -> 2;
        };
    }

    private static UnsyncedEnd unsyncedEnd(byte code) throws IOException {
        return switch (code) {
            case 0 -> UnsyncedEnd.IN_HAND;
            case 1 -> UnsyncedEnd.MAY_BE_GONE;
            case 2 -> UnsyncedEnd.LEFT_BEHIND;
            default ->
                    throw new IOException(
                            "the checkpoint is whole and says %d of a log's unsynced end, of which"
                                            .formatted(code)
                                    + " this version knows 0 to 2: start the version that wrote"
                                    + " it");
        };
    }

    private static ReplicaEntry decodeEntry(ByteBuffer bytes) throws IOException {
        PartitionId partition =
                new PartitionId(new TopicId(bytes.getLong(), bytes.getLong()), bytes.getInt());
        int epoch = bytes.getInt();
        Incarnation incarnation = new Incarnation(bytes.getLong());
        ReplicaSettings settings = StateCodec.settings(bytes, bytes.position());
        bytes.position(bytes.position() + StateCodec.SETTINGS_BYTES);
        int fault = bytes.getInt();
        int damageFault = bytes.getInt();
        long damageBelow = bytes.getLong();
        long logSerial = bytes.getLong();
        long highWatermark = bytes.getLong();
        long logStart = bytes.getLong();
        long logEnd = bytes.getLong();
        long syncedTo = bytes.getLong();
        long settledEnd = bytes.getLong();
        long cuttingTo = bytes.getLong();
        long tailFrom = bytes.getLong();
        UnsyncedEnd unsyncedEnd = unsyncedEnd(bytes.get());
        int links = bytes.getInt();
        int segments = bytes.getInt();
        List<EpochChain.Link> chain = new ArrayList<>(links);
        for (int i = 0; i < links; i++) {
            chain.add(new EpochChain.Link(bytes.getInt(), bytes.getLong()));
        }
        List<SegmentEntry> segmentEntries = new ArrayList<>(segments);
        for (int i = 0; i < segments; i++) {
            segmentEntries.add(
                    new SegmentEntry(
                            bytes.getLong(),
                            bytes.getInt(),
                            bytes.getLong(),
                            bytes.getLong(),
                            bytes.getLong()));
        }
        int producersBytes = bytes.getInt();
        ByteBuffer producers = null;
        if (producersBytes >= 0) {
            byte[] copy = new byte[producersBytes];
            bytes.get(copy);
            producers = ByteBuffer.wrap(copy).asReadOnlyBuffer();
        }
        LogEntry log =
                new LogEntry(
                        logStart,
                        logEnd,
                        syncedTo,
                        settledEnd,
                        cuttingTo,
                        tailFrom,
                        unsyncedEnd,
                        EpochChain.of(chain),
                        segmentEntries,
                        producers);
        return new ReplicaEntry(
                partition,
                epoch,
                incarnation,
                settings,
                fault == 0 ? null : StateCodec.fault(fault),
                damageFault == 0
                        ? null
                        : new ReplicaEntry.Damage(StateCodec.fault(damageFault), damageBelow),
                logSerial,
                highWatermark,
                log);
    }
}
