package io.ackgate.gateway.metadata.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.record.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a crash can leave is cut; what no crash can leave is refused. */
class MetadataLogDamageTest {
    private static final int FRAMES = 5;

    private final StoreDisk disk = new StoreDisk();

    /** Where frame i begins; the last is the end of the log. */
    private final int[] frameAt = new int[FRAMES + 1];

    @BeforeEach
    void writeFrames() throws IOException {
        TreeMap<String, Entry> none = new TreeMap<>();
        try (MetadataLog log = MetadataLog.open(disk, none).log()) {
            for (int i = 0; i < FRAMES; i++) {
                frameAt[i] = (int) log.sizeInBytes();
                log.append(
                        List.of(
                                change("a" + i, 2 * i + 1, "value " + i),
                                change("shared", 2 * i + 2, "of frame " + i)));
            }
            frameAt[FRAMES] = (int) log.sizeInBytes();
        }
    }

    private static byte[] change(String key, long version, String value) {
        return Change.put(new Entry(key, version, value.getBytes(UTF_8))).encode();
    }

    @Test
    void the_last_frame_cut_at_any_byte_is_gone_as_a_whole_and_nothing_else_is()
            throws IOException {
        byte[] whole = disk.bytes(MetadataLog.FILE);
        for (int size = frameAt[FRAMES - 1]; size < whole.length; size++) {
            StoreDisk torn = disk.copy();
            torn.put(MetadataLog.FILE, Arrays.copyOf(whole, size));
            assertLastFrameIsCut(torn, "cut at " + size);
        }
    }

    @Test
    void the_last_frame_with_any_byte_onwards_missing_is_cut() throws IOException {
        // The file has got its size, but not all its bytes.
        byte[] whole = disk.bytes(MetadataLog.FILE);
        for (int from = frameAt[FRAMES - 1]; from < whole.length; from++) {
            StoreDisk torn = disk.copy();
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, from, bytes.length, (byte) 0);
            if (Arrays.equals(bytes, whole)) {
                continue;
            }
            torn.put(MetadataLog.FILE, bytes);
            assertLastFrameIsCut(torn, "zero from " + from);
        }
    }

    @Test
    void the_last_frame_with_its_first_bytes_missing_is_cut() throws IOException {
        byte[] whole = disk.bytes(MetadataLog.FILE);
        for (int to = frameAt[FRAMES - 1] + 1; to <= whole.length; to++) {
            StoreDisk torn = disk.copy();
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, frameAt[FRAMES - 1], to, (byte) 0);
            torn.put(MetadataLog.FILE, bytes);
            assertLastFrameIsCut(torn, "zero up to " + to);
        }
    }

    private static void assertLastFrameIsCut(StoreDisk torn, String how) throws IOException {
        SortedMap<String, Entry> entries = new TreeMap<>();
        try (MetadataLog log = MetadataLog.open(torn, entries).log()) {
            assertEquals(FRAMES, entries.size(), how + ": " + entries.keySet());
            assertEquals("of frame 3", text(entries, "shared"), how);
            log.append(List.of(change("next", 100, "written after " + how)));
        }
        SortedMap<String, Entry> again = new TreeMap<>();
        MetadataLog.Opened opened = MetadataLog.open(torn, again);
        opened.log().close();
        assertEquals(0, opened.bytesCut(), how);
        assertEquals(101, opened.nextVersion(), how);
        assertEquals("written after " + how, text(again, "next"));
        assertEquals("of frame 3", text(again, "shared"), how);
    }

    @Test
    void a_byte_changed_before_the_last_frame_is_refused_wherever_it_is() {
        byte[] whole = disk.bytes(MetadataLog.FILE);
        for (int at = 0; at < frameAt[FRAMES - 1]; at++) {
            for (int mask : new int[] {0x01, 0x80, 0xFF}) {
                StoreDisk damaged = disk.copy();
                byte[] bytes = whole.clone();
                bytes[at] ^= (byte) mask;
                damaged.put(MetadataLog.FILE, bytes);
                CorruptMetadataException refused =
                        assertThrows(
                                CorruptMetadataException.class,
                                () -> MetadataLog.open(damaged, new TreeMap<>()),
                                "byte " + at + " changed by " + mask);
                assertTrue(String.valueOf(refused.getMessage()).contains(MetadataLog.FILE));
            }
        }
    }

    @Test
    void a_frame_that_is_missing_or_twice_there_is_refused() {
        byte[] whole = disk.bytes(MetadataLog.FILE);
        byte[] missing = new byte[whole.length - (frameAt[2] - frameAt[1])];
        System.arraycopy(whole, 0, missing, 0, frameAt[1]);
        System.arraycopy(whole, frameAt[2], missing, frameAt[1], whole.length - frameAt[2]);
        assertRefused(missing);

        byte[] twice = Arrays.copyOf(whole, whole.length + frameAt[FRAMES] - frameAt[FRAMES - 1]);
        System.arraycopy(
                whole,
                frameAt[FRAMES - 1],
                twice,
                whole.length,
                frameAt[FRAMES] - frameAt[FRAMES - 1]);
        assertRefused(twice);
    }

    private void assertRefused(byte[] bytes) {
        StoreDisk damaged = disk.copy();
        damaged.put(MetadataLog.FILE, bytes);
        assertThrows(
                CorruptMetadataException.class, () -> MetadataLog.open(damaged, new TreeMap<>()));
    }

    @Test
    void after_an_orderly_end_damage_to_the_last_changes_is_refused_too() throws IOException {
        MetadataLog.open(disk, new TreeMap<>()).log().closeInGoodOrder();
        byte[] closed = disk.bytes(MetadataLog.FILE);
        for (int at = frameAt[FRAMES - 1]; at < frameAt[FRAMES]; at++) {
            byte[] bytes = closed.clone();
            bytes[at] ^= 0x10;
            assertRefused(bytes);
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        MetadataLog.open(disk, entries).log().close();
        assertEquals("of frame 4", text(entries, "shared"));
    }

    @Test
    void a_value_that_looks_like_a_frame_does_not_make_a_torn_write_a_corruption()
            throws IOException {
        byte[] whole = disk.bytes(MetadataLog.FILE);
        byte[] frame = Arrays.copyOfRange(whole, frameAt[1], frameAt[2]);
        StoreDisk other = new StoreDisk();
        int tornAt;
        try (MetadataLog log = MetadataLog.open(other, new TreeMap<>()).log()) {
            log.append(List.of(change("k", 1, "v")));
            tornAt = (int) log.sizeInBytes();
            log.append(
                    List.of(
                            Change.put(new Entry("evil", 2, frame)).encode(),
                            change("end", 3, "of the group")));
        }
        byte[] bytes = other.bytes(MetadataLog.FILE);
        bytes[tornAt + 5] ^= 0x40;
        bytes[bytes.length - 1] = 0;
        other.put(MetadataLog.FILE, bytes);
        SortedMap<String, Entry> entries = new TreeMap<>();
        MetadataLog.open(other, entries).log().close();
        assertEquals("v", text(entries, "k"));
        assertEquals(1, entries.size());
    }

    @Test
    void a_compaction_that_a_crash_left_unfinished_is_forgotten() throws IOException {
        disk.put(MetadataLog.NEXT_FILE, "half of a new log".getBytes(UTF_8));
        SortedMap<String, Entry> entries = new TreeMap<>();
        MetadataLog.open(disk, entries).log().close();
        assertEquals(FRAMES + 1, entries.size());
        assertTrue(!disk.exists(MetadataLog.NEXT_FILE));
    }

    @Test
    void an_empty_file_or_another_format_is_refused() {
        assertRefused(new byte[0]);
        assertRefused("something else altogether, long enough for a header".getBytes(UTF_8));
    }

    @Test
    void a_log_that_a_later_program_has_written_is_refused_and_left_as_it_is() {
        byte[] later = disk.bytes(MetadataLog.FILE);
        ByteBuffer header = ByteBuffer.wrap(later);
        header.putInt(8, 2).putInt(28, Crc32c.of(header, 0, 28));
        StoreDisk other = new StoreDisk();
        other.put(MetadataLog.FILE, later);
        CorruptMetadataException refused =
                assertThrows(
                        CorruptMetadataException.class,
                        () -> MetadataLog.open(other, new TreeMap<>()));
        assertTrue(String.valueOf(refused.getMessage()).contains("has format 2"));
        assertArrayEquals(later, other.bytes(MetadataLog.FILE));
    }

    private static String text(SortedMap<String, Entry> entries, String key) {
        Entry entry = entries.getOrDefault(key, new Entry(key, MetadataStore.ABSENT, new byte[0]));
        return new String(entry.value(), UTF_8);
    }
}
