package io.ackgate.storage.log;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The index files of a closed segment: {@code .index} is {@code magic i32 | crc32c u32 | segment
 * bytes i32 | entries i32} and per entry {@code relative offset i32 | position i32}; {@code
 * .timeindex} is {@code magic i32 | crc32c u32 | greatest timestamp i64 | entries i32} and per
 * entry {@code timestamp i64}, the greatest before that entry's position. They are not synced: a
 * wrong one is rebuilt. The checksum covers whose segment they are of as well, so that files of
 * another one are not taken for these.
 */
final class SegmentIndexFiles {
    private static final int MAGIC = 0x41474931;
    private static final int CHECKED_FROM = 8;
    private static final int INDEX_HEADER_BYTES = 16;
    private static final int TIME_HEADER_BYTES = 20;
    private static final int MAX_BYTES = 16 << 20;

    private SegmentIndexFiles() {}

    /** What the files of a segment tell. */
    record Loaded(SparseIndex index, long maxTimestamp) {}

    static void write(LogFolder folder, long base, int bytes, Loaded loaded) throws IOException {
        SparseIndex index = loaded.index();
        ByteBuffer offsets = ByteBuffer.allocate(INDEX_HEADER_BYTES + index.size() * 8);
        offsets.putInt(MAGIC).putInt(0).putInt(bytes).putInt(index.size());
        ByteBuffer times = ByteBuffer.allocate(TIME_HEADER_BYTES + index.size() * 8);
        times.putInt(MAGIC).putInt(0).putLong(loaded.maxTimestamp()).putInt(index.size());
        for (int i = 0; i < index.size(); i++) {
            offsets.putInt(index.relativeOffset(i)).putInt(index.position(i));
            times.putLong(index.timestampBefore(i));
        }
        writeChecked(folder, base, bytes, LogFiles.INDEX, offsets.flip());
        writeChecked(folder, base, bytes, LogFiles.TIME_INDEX, times.flip());
    }

    private static void writeChecked(
            LogFolder folder, long base, int bytes, String suffix, ByteBuffer content)
            throws IOException {
        String path = folder.path(base, suffix);
        content.putInt(4, crc(folder, base, bytes, content));
        folder.disk().delete(path);
        try (DiskFile file = folder.disk().create(path)) {
            file.write(content, 0);
        }
    }

    /** Null if there are none that fit a segment of {@code bytes}. */
    static @Nullable Loaded read(LogFolder folder, long base, int bytes) throws IOException {
        ByteBuffer offsets = readChecked(folder, base, bytes, LogFiles.INDEX);
        ByteBuffer times = readChecked(folder, base, bytes, LogFiles.TIME_INDEX);
        if (offsets == null || times == null) {
            return null;
        }
        int entries = offsets.getInt(12);
        if (offsets.getInt(8) != bytes
                || times.limit() < TIME_HEADER_BYTES
                || times.getInt(16) != entries
                || offsets.limit() != INDEX_HEADER_BYTES + entries * 8
                || times.limit() != TIME_HEADER_BYTES + entries * 8) {
            return null;
        }
        SparseIndex index = new SparseIndex(folder.indexIntervalBytes());
        for (int i = 0; i < entries; i++) {
            int at = INDEX_HEADER_BYTES + i * 8;
            index.add(
                    offsets.getInt(at),
                    offsets.getInt(at + 4),
                    times.getLong(TIME_HEADER_BYTES + i * 8));
        }
        return new Loaded(index, times.getLong(8));
    }

    private static @Nullable ByteBuffer readChecked(
            LogFolder folder, long base, int bytes, String suffix) throws IOException {
        String path = folder.path(base, suffix);
        if (!folder.disk().exists(path)) {
            return null;
        }
        try (DiskFile file = folder.disk().open(path)) {
            long size = file.size();
            if (size < INDEX_HEADER_BYTES || size > MAX_BYTES) {
                return null;
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            file.read(content, 0);
            content.flip();
            boolean valid =
                    content.limit() == size
                            && content.getInt(0) == MAGIC
                            && content.getInt(4) == crc(folder, base, bytes, content);
            return valid ? content : null;
        }
    }

    private static int crc(LogFolder folder, long base, int bytes, ByteBuffer content) {
        CRC32C crc = new CRC32C();
        PartitionId partition = folder.partition();
        crc.update(
                ByteBuffer.allocate(32)
                        .putLong(partition.topic().high())
                        .putLong(partition.topic().low())
                        .putInt(partition.partition())
                        .putLong(base)
                        .putInt(bytes)
                        .flip());
        crc.update(content.slice(CHECKED_FROM, content.limit() - CHECKED_FROM));
        return (int) crc.getValue();
    }

    static void delete(Disk disk, String directory, long base) throws IOException {
        disk.delete(LogFiles.path(directory, base, LogFiles.INDEX));
        disk.delete(LogFiles.path(directory, base, LogFiles.TIME_INDEX));
    }
}
