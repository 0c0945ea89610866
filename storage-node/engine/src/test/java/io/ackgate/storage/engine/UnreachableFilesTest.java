package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No descriptors, no permission, a disk that does not answer: nothing of it proves anything about
 * the bytes, and no replica may suffer for it longer than it lasts.
 */
class UnreachableFilesTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private EngineDriver node;

    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, PAGE_CACHE);
        for (int i = 0; i < 4; i++) {
            node.append(i, 1, "a".repeat(600));
            node.append(P1, 1, Frames.of(P1, i, 1, "b".repeat(600)));
        }
    }

    private static Refusal reason(StorageAnswer answer) {
        return assertInstanceOf(StorageAnswer.Refused.class, answer).reason();
    }

    private List<String> wholeAfter(String boot, long end) throws Exception {
        node = node.reopen(boot);
        assertEquals(List.of(), node.engine.notes());
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9));
        assertEquals(end, fenced.logEnd());
        node.reconcile(P0, 9, FIRST, end);
        return node.read(P0, 9, 0);
    }

    @Test
    void an_append_that_needs_a_new_segment_is_refused_while_there_are_no_descriptors()
            throws Exception {
        node.disk.faults().outOfDescriptors();
        int end = 4;
        StorageAnswer answer = node.append(end, 1, "x".repeat(600));
        while (answer instanceof StorageAnswer.Appended) {
            answer = node.append(++end, 1, "x".repeat(600));
        }
        assertEquals(Refusal.STORAGE_ERROR, reason(answer));
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2), "it still obeys");
        node.disk.faults().heal();
        node.tick(1_000);
        node.reconcile(P0, 2, FIRST, end);
        assertEquals(
                new StorageAnswer.Appended(P0, 2, FIRST, end + 1), node.append(end, 2, "again"));
        List<String> all = node.read(P0, 2, 0);
        node.disk.losePower(0);
        assertEquals(all, wholeAfter("boot-2", end + 1));
    }

    @Test
    void a_read_that_fails_says_nothing_about_the_bytes() {
        node.disk.faults().fail(Operation.READ, ".log");
        assertEquals(ReadStatus.IO_ERROR, node.readOnce(P0, 1, 0).status());
        StorageAnswer found = node.ask(SESSION, new StorageRequest.ListOffset(P0, 1, 7, 0));
        assertEquals(
                ReadStatus.IO_ERROR,
                assertInstanceOf(StorageAnswer.OffsetListed.class, found).status());
        assertEquals(
                Refusal.STORAGE_ERROR,
                reason(node.append(1, 1, "a".repeat(600))),
                "whether it is a repeat cannot be told now");
        node.disk.faults().heal();
        assertEquals(4, node.read(P0, 1, 0).size());
    }

    @Test
    void a_checkpoint_without_descriptors_condemns_nobody_and_is_made_up_for() throws Exception {
        node.disk.faults().outOfDescriptors();
        for (int i = 0; i < 5; i++) {
            node.tick(6_000);
            node.tick(60);
        }
        node.disk.faults().heal();
        assertEquals(new StorageAnswer.Appended(P0, 1, FIRST, 5), node.append(4, 1, "sound"));
        node.tick(6_000);
        node.tick(60);
        assertTrue(node.engine.journalBytes() < 1_000, "the checkpoint has been made up for");
        List<String> all = node.read(P0, 1, 0);
        node.disk.losePower(0);
        assertEquals(all, wholeAfter("boot-2", 5));
    }

    @Test
    void an_assignment_that_finds_no_descriptors_leaves_what_was_there() throws Exception {
        List<String> before = node.read(P0, 1, 0);
        node.disk.faults().outOfDescriptors();
        PartitionId other = new PartitionId(EngineDriver.TOPIC, 9);
        assertEquals(Refusal.STORAGE_ERROR, reason(node.assign(other, 1, FSYNC)));
        assertEquals(Refusal.STORAGE_ERROR, reason(node.assign(P0, 2, FSYNC)));
        assertEquals(
                Refusal.STORAGE_ERROR,
                reason(node.ask(SESSION, new StorageRequest.Configure(P1, 1, FSYNC))),
                "a page-cache log that cannot be synced does not become fsync");
        node.disk.faults().heal();
        assertInstanceOf(
                StorageAnswer.Missing.class, node.ask(SESSION, new StorageRequest.Fence(other, 1)));
        node.fence(3);
        node.reconcile(P0, 3, FIRST, 4);
        assertEquals(before, node.read(P0, 3, 0));
        assertInstanceOf(StorageAnswer.Fenced.class, node.assign(other, 1, FSYNC));
        assertInstanceOf(
                StorageAnswer.Configured.class,
                node.ask(SESSION, new StorageRequest.Configure(P1, 1, FSYNC)));
    }

    @Test
    void a_cut_that_fails_for_want_of_a_file_goes_on_later() throws Exception {
        for (Operation operation :
                List.of(
                        Operation.OPEN,
                        Operation.LIST,
                        Operation.TRUNCATE,
                        Operation.DELETE,
                        Operation.OPEN_DIRECTORY)) {
            two_replicas();
            node.fence(2);
            node.takeAnswers();
            node.disk.faults().fail(operation, "partitions");
            node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
            node.settle();
            node.tick(60);
            assertEquals(List.of(), node.takeAnswers(), operation + " failed");
            node.disk.faults().heal();
            node.tick(60);
            assertEquals(
                    List.of(new StorageAnswer.Reconciled(P0, 2, FIRST, 1)),
                    node.takeAnswers(),
                    operation + " works again");
            node.append(1, 2, "new");
            List<String> all = node.read(P0, 2, 0);
            node.disk.losePower(0);
            assertEquals(all, wholeAfter("boot-2", 2), operation.toString());
        }
    }

    @Test
    void a_journal_that_gets_no_file_refuses_and_does_not_let_wait() {
        node.disk.failSyncs("checkpoint");
        node.disk.faults().fail(Operation.CREATE, "journal/");
        node.disk.faults().fail(Operation.RENAME, "journal/");
        int end = 4;
        StorageAnswer answer = node.append(end, 1, "x".repeat(900));
        while (answer instanceof StorageAnswer.Appended) {
            answer = node.append(++end, 1, "x".repeat(900));
        }
        assertEquals(Refusal.STORAGE_ERROR, reason(answer));
        assertFalse(node.engine.diskFull(), "a full disk is another matter");
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        node.disk.faults().heal();
        node.disk.failSyncs(null);
        node.tick(1_000);
        node.tick(1_000);
        node.reconcile(P0, 2, FIRST, end);
        assertInstanceOf(StorageAnswer.Appended.class, node.append(end, 2, "again"));
    }

    @Test
    void a_start_without_descriptors_fails_and_the_next_one_finds_everything() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.closeHandles();
        for (Operation operation :
                List.of(Operation.OPEN, Operation.LIST, Operation.CREATE, Operation.EXISTS)) {
            node.disk.faults().fail(operation, "");
            try {
                node.reopen("boot-1");
                assertTrue(false, "a start without " + operation);
            } catch (java.io.IOException expected) {
                node.disk.faults().heal();
            }
        }
        assertEquals(all, wholeAfter("boot-1", 4));
    }

    @Test
    void a_file_that_is_gone_is_no_want_of_anything() throws Exception {
        node.close();
        node.disk.closeHandles();
        EngineDriver again = node.reopen("boot-1");
        for (String path : node.disk.files()) {
            if (path.contains(P0 + ".") && path.endsWith("000.log")) {
                node.disk.delete(path);
            }
        }
        again.fence(2);
        again.reconcile(P0, 2, FIRST, 4);
        assertEquals(ReadStatus.CORRUPT, again.readOnce(P0, 2, 0).status());
    }

    @Test
    void what_cannot_be_read_at_a_start_is_refused_and_found_whole_by_the_next() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.closeHandles();
        node.disk.faults().fail(Operation.READ, "partitions/" + P0);
        node = node.reopen("boot-1");
        assertEquals(Refusal.STORAGE_ERROR, reason(node.fence(2)));
        assertInstanceOf(
                StorageAnswer.Fenced.class,
                node.ask(SESSION, new StorageRequest.Fence(P1, 2)),
                "the other one does not wait for it");
        node.tick(6_000);
        node.tick(60);
        node.disk.faults().heal();
        node.disk.closeHandles();
        assertEquals(all, wholeAfter("boot-1", 4));
    }

    @Test
    void a_log_that_a_failed_write_put_in_doubt_comes_back_without_its_incarnation()
            throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.failWrites(true);
        assertInstanceOf(StorageAnswer.Faulty.class, node.append(4, 1, "x"));
        node.disk.failWrites(false);
        node.tick(6_000);
        node.tick(60);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
        assertEquals(Incarnation.NONE, fenced.incarnation());
        assertEquals(4, fenced.logEnd());
        Incarnation second = Incarnation.of(2, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 2, second, FSYNC, true));
        node.reconcile(P0, 2, second, 4);
        assertEquals(all, node.read(P0, 2, 0));
    }
}
