package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.DataDirectoryGoneException;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.DiskFaults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage to the journal, and what it costs whom. */
class JournalDamageTest {
    private EngineDriver node;

    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        for (PartitionId partition : List.of(P0, P1)) {
            node.ready(partition, 1, FSYNC);
            for (int i = 0; i < 3; i++) {
                String value = "value-" + partition.partition() + "-" + i;
                node.append(partition, 1, Frames.of(partition, i, 1, value));
            }
        }
        node.tick(60);
        node.disk.closeHandles();
    }

    private void damage(String value, String pathPart) throws Exception {
        boolean found = false;
        for (String path : node.disk.files()) {
            String content = new String(node.disk.content(path), StandardCharsets.ISO_8859_1);
            int at = content.indexOf(value);
            if (path.contains(pathPart) && at >= 0) {
                node.disk.flipBit(path, 8L * at);
                found = true;
            }
        }
        assertTrue(found);
    }

    private String lastWith(String value) throws Exception {
        String last = "";
        for (String path : node.disk.files()) {
            String content = new String(node.disk.content(path), StandardCharsets.ISO_8859_1);
            last = path.startsWith("journal/") && content.contains(value) ? path : last;
        }
        return last;
    }

    private StorageAnswer fence(PartitionId partition) {
        return node.ask(SESSION, new StorageRequest.Fence(partition, 2));
    }

    @Test
    void a_damaged_batch_that_the_segment_has_costs_nothing() throws Exception {
        damage("value-0-1", "journal/");
        node = node.reopen("boot-1");
        assertEquals(List.of(), node.engine.notes());
        assertEquals(3, ((StorageAnswer.Fenced) fence(P0)).logEnd());
        assertEquals(3, ((StorageAnswer.Fenced) fence(P1)).logEnd());
    }

    @Test
    void a_damaged_batch_that_the_segment_lacks_costs_one_replica() throws Exception {
        damage("value-0-1", "journal/");
        damage("value-0-1", "partitions/");
        node = node.reopen("boot-1");
        assertInstanceOf(StorageAnswer.Faulty.class, fence(P0));
        assertEquals(3, ((StorageAnswer.Fenced) fence(P1)).logEnd());
    }

    /** Where in a file of the journal the batch stands that holds a value, in bytes. */
    private int frameOf(String path, String value) throws Exception {
        byte[] content = node.disk.content(path);
        int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(value);
        while (ByteBuffer.wrap(content).getShort(at) != (short) BatchFrame.MAGIC) {
            at--;
        }
        return at;
    }

    @Test
    void whichever_byte_of_a_batch_is_damaged_nothing_is_lost_that_the_segment_has()
            throws Exception {
        String path = lastWith("value-0-1");
        int frame = frameOf(path, "value-0-1");
        int length = ByteBuffer.wrap(node.disk.content(path)).getInt(frame + 4);
        for (int i = 0; i < length; i++) {
            two_replicas();
            node.disk.flipBit(path, 8L * (frame + i) + i % 8);
            node = node.reopen("boot-1");
            assertEquals(List.of(), node.engine.notes(), "byte " + i);
            assertEquals(3, ((StorageAnswer.Fenced) fence(P0)).logEnd(), "byte " + i);
            assertEquals(3, ((StorageAnswer.Fenced) fence(P1)).logEnd(), "byte " + i);
        }
    }

    @Test
    void whichever_byte_of_a_batch_is_damaged_one_replica_is_lost_at_most() throws Exception {
        String path = lastWith("value-0-1");
        int frame = frameOf(path, "value-0-1");
        int length = ByteBuffer.wrap(node.disk.content(path)).getInt(frame + 4);
        for (int i = 0; i < length; i++) {
            two_replicas();
            node.disk.losePower(0);
            node.disk.flipBit(path, 8L * (frame + i) + i % 8);
            node = node.reopen("boot-2");
            assertInstanceOf(StorageAnswer.Faulty.class, fence(P0), "byte " + i);
            assertEquals(3, ((StorageAnswer.Fenced) fence(P1)).logEnd(), "byte " + i);
        }
    }

    @Test
    void a_journal_file_that_is_shorter_than_it_was_made_is_damage() throws Exception {
        String used = lastWith("value-1-2");
        String content = new String(node.disk.content(used), StandardCharsets.ISO_8859_1);
        // The last group goes, and with it the empty one that would have told of it.
        int cut = content.indexOf("value-1-2") / 512 * 512;
        try (DiskFile file = node.disk.open(used)) {
            file.truncate(cut);
            file.sync();
        }
        node = node.reopen("boot-1");
        assertInstanceOf(StorageAnswer.Faulty.class, fence(P0));
        assertInstanceOf(StorageAnswer.Faulty.class, fence(P1));
    }

    /** As a copy of the directory, or a damaged file system, may leave it. */
    @Test
    void so_is_one_that_ends_in_the_padding_of_its_last_group() throws Exception {
        String used = lastWith("value-1-2");
        byte[] content = node.disk.content(used);
        int last = content.length - 1;
        while (content[last] == 0) {
            last--;
        }
        try (DiskFile file = node.disk.open(used)) {
            file.truncate(512L * (last / 512) + 511);
            file.sync();
        }
        node =
                assertTimeoutPreemptively(
                        Duration.ofMinutes(1), () -> node.reopen("boot-1"), "the start ends");
        assertInstanceOf(StorageAnswer.Faulty.class, fence(P0));
        assertInstanceOf(StorageAnswer.Faulty.class, fence(P1));
    }

    @Test
    void a_start_that_cannot_read_the_journal_says_which_file() throws Exception {
        String used = lastWith("value-0-1");
        node.disk.faults().failAt(DiskFaults.Operation.READ, used);
        IOException told = assertThrows(IOException.class, () -> node.reopen("boot-1"));
        assertTrue(told.toString().contains(used + " cannot be read"), told.toString());
        node.disk.faults().heal();
        node = node.reopen("boot-1");
        assertEquals(3, ((StorageAnswer.Fenced) fence(P0)).logEnd());
    }

    @Test
    void nothing_is_acknowledged_once_the_directory_is_gone() throws Exception {
        node = node.reopen("boot-1");
        fence(P0);
        node.reconcile(P0, 2, io.ackgate.storage.api.Incarnation.of(1, 1), 3);
        node.disk.deleteRecursively("journal");
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Append(P0, 2, Frames.of(P0, 3, 2, "x"), 0));
        Sync sync = Objects.requireNonNull(node.engine.beginSync());
        DataDirectoryGoneException gone =
                assertThrows(DataDirectoryGoneException.class, () -> sync.run());
        assertTrue(gone.toString().contains("start it with an empty directory"));
        assertEquals(List.of(), node.takeAnswers());
    }
}
