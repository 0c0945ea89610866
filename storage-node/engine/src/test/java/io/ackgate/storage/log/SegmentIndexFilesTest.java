package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Index files are believed for the segment that they were written for, and for no other. */
class SegmentIndexFilesTest {
    private static final TopicId TOPIC = new TopicId(1, 2);
    private static final int BYTES = 1_000;

    private final SimDisk disk = new SimDisk();
    private final LogFolder folder = folder(0);

    private LogFolder folder(int partition) {
        return new LogFolder(
                disk, "log", new PartitionId(TOPIC, partition), 100, new LoadedIndexes());
    }

    @BeforeEach
    void write() throws IOException {
        disk.createDirectories("log");
        SparseIndex index = new SparseIndex(100);
        index.add(3, 120, 77);
        index.add(6, 240, 88);
        SegmentIndexFiles.write(folder, 5, BYTES, new SegmentIndexFiles.Loaded(index, 99));
    }

    @Test
    void they_say_what_was_written() throws Exception {
        SegmentIndexFiles.Loaded read = SegmentIndexFiles.read(folder, 5, BYTES);
        assertNotNull(read);
        assertEquals(99, read.maxTimestamp());
        assertEquals(2, read.index().size());
        assertEquals(120, read.index().positionFor(4));
        assertEquals(88, read.index().timestampBefore(1));
    }

    @Test
    void those_of_a_segment_of_another_size_are_not_believed() throws Exception {
        assertNull(SegmentIndexFiles.read(folder, 5, BYTES - 100), "it has been cut");
        assertNull(SegmentIndexFiles.read(folder, 5, BYTES + 100), "it has grown");
    }

    @Test
    void those_of_another_segment_or_partition_are_not_believed() throws Exception {
        assertNull(SegmentIndexFiles.read(folder(1), 5, BYTES));
        for (String suffix : new String[] {LogFiles.INDEX, LogFiles.TIME_INDEX}) {
            disk.rename(folder.path(5, suffix), folder.path(6, suffix));
        }
        assertNull(SegmentIndexFiles.read(folder, 5, BYTES), "there are none");
        assertNull(SegmentIndexFiles.read(folder, 6, BYTES));
    }

    @Test
    void one_without_the_other_is_not_believed() throws Exception {
        disk.delete(folder.path(5, LogFiles.TIME_INDEX));
        assertNull(SegmentIndexFiles.read(folder, 5, BYTES));
    }

    @Test
    void those_of_which_a_bit_has_changed_are_not_believed() throws Exception {
        for (String suffix : new String[] {LogFiles.INDEX, LogFiles.TIME_INDEX}) {
            String path = folder.path(5, suffix);
            int bytes = disk.content(path).length;
            assertTrue(bytes > 20);
            for (int at = 0; at < bytes; at++) {
                disk.flipBit(path, 8L * at);
                assertNull(SegmentIndexFiles.read(folder, 5, BYTES), suffix + " at " + at);
                disk.flipBit(path, 8L * at);
            }
        }
        assertNotNull(SegmentIndexFiles.read(folder, 5, BYTES), "changed back");
    }

    @Test
    void they_are_written_anew_where_others_stand() throws Exception {
        SparseIndex index = new SparseIndex(100);
        SegmentIndexFiles.write(folder, 5, 2 * BYTES, new SegmentIndexFiles.Loaded(index, 11));
        assertNull(SegmentIndexFiles.read(folder, 5, BYTES));
        SegmentIndexFiles.Loaded read = SegmentIndexFiles.read(folder, 5, 2 * BYTES);
        assertNotNull(read);
        assertEquals(11, read.maxTimestamp());
        assertEquals(0, read.index().size());
    }
}
