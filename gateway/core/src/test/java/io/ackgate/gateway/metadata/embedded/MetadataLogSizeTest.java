package io.ackgate.gateway.metadata.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How large a log grows, and that it is read whatever size it has. */
@Timeout(120)
class MetadataLogSizeTest {
    private static final byte[] CHANGE = Change.put(new Entry("k", 7, new byte[1 << 20])).encode();

    /** A log of one large change, written over and over; its frames are made when they are read. */
    private static class LongFile implements DiskFile {
        private final long fileId;
        private final ByteBuffer header;
        private final int frameBytes = LogFrame.HEAD_BYTES + CHANGE.length;
        private long size;
        private ByteBuffer frame = ByteBuffer.allocate(0);
        private long frameNumber = -1;

        LongFile(long frames) {
            fileId = 4711;
            header = new LogHeader(fileId, 1).encode();
            size = LogHeader.BYTES + frames * frameBytes;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int before = target.remaining();
            long at = position;
            while (target.hasRemaining() && at < size) {
                int offset = at < LogHeader.BYTES ? (int) at : (int) ((at - 32) % frameBytes);
                ByteBuffer source =
                        at < LogHeader.BYTES ? header : frame((at - LogHeader.BYTES) / frameBytes);
                int bytes = Math.min(target.remaining(), source.limit() - offset);
                bytes = (int) Math.min(bytes, size - at);
                target.put(target.position(), source, offset, bytes);
                target.position(target.position() + bytes);
                at += bytes;
            }
            return before - target.remaining();
        }

        private ByteBuffer frame(long number) {
            if (number != frameNumber) {
                frame = LogFrame.encode(fileId, number, List.of(CHANGE));
                frameNumber = number;
            }
            return frame;
        }

        /** The last frame is written again when the log is opened. */
        @Override
        public void write(ByteBuffer source, long position) {}

        @Override
        public void write(ByteBuffer[] sources, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sync() {}

        @Override
        public void truncate(long newSize) {
            size = newSize;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void close() {}
    }

    private static StoreDisk diskOf(LongFile file) {
        StoreDisk disk =
                new StoreDisk() {
                    @Override
                    public DiskFile open(String path) {
                        return file;
                    }
                };
        disk.put(MetadataLog.FILE, new byte[0]);
        return disk;
    }

    @Test
    void a_log_of_more_than_two_gibibytes_is_read() throws IOException {
        long frames = (Integer.MAX_VALUE / CHANGE.length) + 20L;
        LongFile file = new LongFile(frames);
        // The last frame is torn.
        file.truncate(file.size() - 10);
        TreeMap<String, Entry> entries = new TreeMap<>();
        MetadataLog.Opened opened = MetadataLog.open(diskOf(file), entries);
        assertEquals(8, opened.nextVersion());
        assertEquals(LogFrame.HEAD_BYTES + CHANGE.length - 10, opened.bytesCut());
        assertEquals(
                LogHeader.BYTES + (frames - 1) * (LogFrame.HEAD_BYTES + CHANGE.length),
                opened.log().sizeInBytes());
        assertTrue(opened.log().sizeInBytes() > Integer.MAX_VALUE);
        assertEquals(1, entries.size());
        assertTrue(opened.log().isWorthCompacting());
    }

    @Test
    void a_whole_frame_is_found_however_far_behind_a_damaged_one_it_stands() {
        LongFile file =
                new LongFile(4) {
                    @Override
                    public int read(ByteBuffer target, long position) {
                        int bytes = super.read(target, position);
                        // One byte in the head of the second frame.
                        long at = 3L + LogHeader.BYTES + LogFrame.HEAD_BYTES + CHANGE.length;
                        if (position <= at && at < position + bytes) {
                            int index = target.position() - bytes + (int) (at - position);
                            target.put(index, (byte) (target.get(index) ^ 1));
                        }
                        return bytes;
                    }
                };
        assertThrows(
                CorruptMetadataException.class,
                () -> MetadataLog.open(diskOf(file), new TreeMap<>()));
    }

    @Test
    void what_is_superseded_is_bounded_however_much_is_live() {
        long least = MetadataLog.LEAST_COMPACTED_BYTES;
        assertFalse(MetadataLog.isWorthCompacting(least - 1, 32));
        assertTrue(MetadataLog.isWorthCompacting(least, 32));
        long small = 10 << 20;
        assertFalse(MetadataLog.isWorthCompacting(4 * small - 1, small));
        assertTrue(MetadataLog.isWorthCompacting(4 * small, small));
        long large = 1L << 30;
        long most = large + MetadataLog.MOST_SUPERSEDED_BYTES;
        assertFalse(MetadataLog.isWorthCompacting(most - 1, large));
        assertTrue(MetadataLog.isWorthCompacting(most, large));
    }
}
