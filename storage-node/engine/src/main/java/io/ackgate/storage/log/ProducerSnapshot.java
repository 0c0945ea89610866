package io.ackgate.storage.log;

import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The producer table as of an offset: {@code magic i32 | crc32c u32 | offset i64 | epoch of the
 * record before it i32 | forgotten up to i64 | producers i32} and per producer {@code id i64 |
 * epoch i16 | wrapped before u8 | last append i64 | batches u8}, per batch {@code first sequence
 * i32 | last sequence i32 | base offset i64 | records i32 | crc32c of the records u32}.
 *
 * @param offset everything below it is taken in
 * @param epochBefore leader epoch of the record before {@code offset}, -1 if there is none: two
 *     logs that agree in it agree in all that the snapshot was made of
 */
record ProducerSnapshot(long offset, int epochBefore, KnownProducers producers) {
    private static final int MAGIC = 0x41475032;
    private static final int CHECKED_FROM = 8;
    private static final int HEADER_BYTES = 32;
    private static final int ENTRY_BYTES = 20;
    private static final int BATCH_BYTES = 24;

    byte[] encode() {
        List<ProducerEntry> entries = producers.entries();
        int batches = entries.stream().mapToInt(entry -> entry.batches().size()).sum();
        ByteBuffer bytes =
                ByteBuffer.allocate(
                        HEADER_BYTES + entries.size() * ENTRY_BYTES + batches * BATCH_BYTES);
        bytes.putInt(MAGIC).putInt(0).putLong(offset).putInt(epochBefore);
        bytes.putLong(producers.forgottenUpTo()).putInt(entries.size());
        for (ProducerEntry entry : entries) {
            bytes.putLong(entry.producerId())
                    .putShort(entry.producerEpoch())
                    .put((byte) (entry.wrappedBefore() ? 1 : 0))
                    .putLong(entry.lastAppendMillis())
                    .put((byte) entry.batches().size());
            for (ProducerEntry.Batch batch : entry.batches()) {
                bytes.putInt(batch.firstSequence())
                        .putInt(batch.lastSequence())
                        .putLong(batch.baseOffset())
                        .putInt(batch.recordCount())
                        .putInt(batch.recordsCrc());
            }
        }
        bytes.putInt(4, crc(bytes.array()));
        return bytes.array();
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, CHECKED_FROM, content.length - CHECKED_FROM);
        return (int) crc.getValue();
    }

    static String path(String directory, long offset) {
        return LogFiles.path(directory, offset, LogFiles.PRODUCERS);
    }

    /**
     * Writes and syncs a snapshot; its name in the directory is synced by the caller. It gets the
     * name only once it is synced, so that what bears the name is known to be durable.
     */
    void write(Disk disk, String directory) throws IOException {
        String next = LogFiles.path(directory, offset, LogFiles.NEXT_PRODUCERS);
        disk.delete(next);
        try (DiskFile file = disk.create(next)) {
            file.write(ByteBuffer.wrap(encode()), 0);
            file.sync();
        }
        disk.rename(next, path(directory, offset));
    }

    /** Null if the file is gone or cannot be read: another snapshot has to do. */
    static @Nullable ProducerSnapshot read(Disk disk, String directory, long offset)
            throws IOException {
        String path = path(directory, offset);
        if (!disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            bytes.flip();
            ProducerSnapshot snapshot =
                    bytes.limit() == bytes.capacity() ? read(bytes.array()) : null;
            return snapshot == null || snapshot.offset != offset ? null : snapshot;
        }
    }

    /** Reads what {@link #encode} wrote; null if it is not that, or nothing. */
    static @Nullable ProducerSnapshot of(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return read(copy);
    }

    /** Reads what {@link #encode} wrote; null if it is not that. */
    static @Nullable ProducerSnapshot read(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        boolean valid =
                encoded.length >= HEADER_BYTES
                        && bytes.getInt(0) == MAGIC
                        && bytes.getInt(4) == crc(encoded);
        return valid ? decode(bytes) : null;
    }

    private static ProducerSnapshot decode(ByteBuffer bytes) {
        bytes.position(CHECKED_FROM);
        long offset = bytes.getLong();
        int epochBefore = bytes.getInt();
        long forgottenUpTo = bytes.getLong();
        int count = bytes.getInt();
        List<ProducerEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long id = bytes.getLong();
            short epoch = bytes.getShort();
            boolean wrappedBefore = bytes.get() != 0;
            long lastAppend = bytes.getLong();
            int batches = bytes.get();
            List<ProducerEntry.Batch> window = new ArrayList<>(batches);
            for (int b = 0; b < batches; b++) {
                window.add(
                        new ProducerEntry.Batch(
                                bytes.getInt(),
                                bytes.getInt(),
                                bytes.getLong(),
                                bytes.getInt(),
                                bytes.getInt()));
            }
            entries.add(new ProducerEntry(id, epoch, wrappedBefore, lastAppend, window));
        }
        return new ProducerSnapshot(
                offset, epochBefore, new KnownProducers(forgottenUpTo, entries));
    }
}
