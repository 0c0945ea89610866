package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are whole and stand in the wrong place: never served, never built upon. */
class MisplacedFilesTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private EngineDriver node;

    @BeforeEach
    void two_logs_of_equal_size() throws Exception {
        node = new EngineDriver();
        for (PartitionId partition : List.of(P0, P1)) {
            node.ready(partition, 1, FSYNC);
            for (int i = 0; i < 10; i++) {
                node.append(partition, 1, Frames.of(partition, i, 1, "x".repeat(300) + i));
            }
        }
    }

    private static String segment(SimDisk disk, PartitionId partition, int number) {
        return disk.files().stream()
                .filter(path -> path.contains(partition + ".") && path.endsWith(".log"))
                .sorted()
                .skip(number)
                .findFirst()
                .orElseThrow();
    }

    private void swap(String one, String other) throws Exception {
        byte[] first = node.disk.content(one);
        byte[] second = node.disk.content(other);
        assertEquals(first.length, second.length);
        overwrite(one, second);
        overwrite(other, first);
    }

    private void overwrite(String path, byte[] content) throws Exception {
        try (DiskFile file = node.disk.open(path)) {
            file.write(ByteBuffer.wrap(content), 0);
            file.sync();
        }
    }

    private ReadStatus readAfterStart(PartitionId partition) throws Exception {
        StorageAnswer answer = node.ask(SESSION, new StorageRequest.Fence(partition, 2));
        if (answer instanceof StorageAnswer.Faulty faulty) {
            assertEquals(StorageAnswer.Fault.CORRUPT, faulty.fault());
            return ReadStatus.CORRUPT;
        }
        node.reconcile(partition, 2, FIRST, ((StorageAnswer.Fenced) answer).logEnd());
        return node.readOnce(partition, 2, 0).status();
    }

    @Test
    void segments_of_two_partitions_that_were_swapped_are_corrupt() throws Exception {
        node.close();
        node.disk.closeHandles();
        swap(segment(node.disk, P0, 0), segment(node.disk, P1, 0));
        node = node.reopen("boot-1");
        assertEquals(ReadStatus.CORRUPT, readAfterStart(P0));
        assertEquals(ReadStatus.CORRUPT, readAfterStart(P1));
    }

    @Test
    void segments_of_one_partition_that_were_swapped_are_corrupt() throws Exception {
        node.close();
        node.disk.closeHandles();
        String first = segment(node.disk, P0, 0);
        String second = segment(node.disk, P0, 1);
        byte[] later = node.disk.content(second);
        assertEquals(node.disk.content(first).length, later.length);
        swap(first, second);
        node = node.reopen("boot-1");
        assertEquals(ReadStatus.CORRUPT, readAfterStart(P0));
    }

    @Test
    void a_search_by_time_does_not_pass_over_a_foreign_batch() throws Exception {
        node.close();
        node.disk.closeHandles();
        swap(segment(node.disk, P0, 0), segment(node.disk, P1, 0));
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 10);
        StorageAnswer answer = node.ask(SESSION, new StorageRequest.ListOffset(P0, 2, 1, 0));
        assertEquals(ReadStatus.CORRUPT, ((StorageAnswer.OffsetListed) answer).status());
    }

    @Test
    void a_foreign_segment_behind_the_checkpoint_is_not_taken_for_the_logs_own() throws Exception {
        node.disk.closeHandles();
        String own = segment(node.disk, P0, 0);
        overwrite(own, node.disk.content(segment(node.disk, P1, 0)));
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 10);
        // The journal has all of it still, and has put it right.
        List<String> held = node.read(P0, 2, 0);
        assertEquals(10, held.size());
    }

    @Test
    void a_journal_record_of_one_partition_with_a_frame_of_another_is_damage() throws Exception {
        node.engine.journal().append(P1, 0, Frames.of(P0, 10, 1, "misdirected"));
        node.settle();
        node.tick(60);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Faulty faulty =
                assertInstanceOf(
                        StorageAnswer.Faulty.class,
                        node.ask(SESSION, new StorageRequest.Fence(P1, 2)));
        assertEquals(StorageAnswer.Fault.CORRUPT, faulty.fault());
    }

    /** As a disk leaves it that has written a sector in the place of another. */
    @Test
    void a_batch_that_stands_where_the_next_belongs_is_not_served() throws Exception {
        String path = segment(node.disk, P0, 0);
        byte[] content = node.disk.content(path);
        int length = BatchFrame.frameLength(ByteBuffer.wrap(content), 0);
        try (DiskFile file = node.disk.open(path)) {
            file.write(ByteBuffer.wrap(content, 0, length), length);
        }
        StorageAnswer.Records first = node.readOnce(P0, 1, 0);
        assertEquals(1, Frames.identities(first.frames()).size());
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 1).status());
    }
}
