package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The directory of one log fails while all others can be reached: nobody else waits for it without
 * an end, and it loses nothing.
 */
class UnreachableLogTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final String LOG = "partitions/" + P0 + ".";

    private EngineDriver node;
    private int end;

    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        for (int i = 0; i < 6; i++) {
            node.append(i, 1, "a".repeat(600));
        }
        end = 0;
        appendElsewhere(6);
    }

    /** Lets time pass in which the other one is written to; gives how much was refused. */
    private int appendElsewhere(int times) {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            StorageAnswer answer = node.append(P1, 1, Frames.of(P1, end, 1, "b".repeat(900)));
            boolean taken = answer instanceof StorageAnswer.Appended;
            end += taken ? 1 : 0;
            refused += taken ? 0 : 1;
            node.tick(600);
        }
        return refused;
    }

    private List<String> news() {
        List<String> news = new ArrayList<>();
        for (String one = node.engine.takeNews(); one != null; one = node.engine.takeNews()) {
            news.add(one);
        }
        return news;
    }

    private StorageAnswer fence(PartitionId partition, int epoch) {
        return node.ask(SESSION, new StorageRequest.Fence(partition, epoch));
    }

    @Test
    void a_start_goes_on_without_it_and_the_next_one_finds_it_whole() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        for (Operation operation : List.of(Operation.LIST, Operation.OPEN)) {
            node.disk.closeHandles();
            node.disk.faults().fail(operation, LOG);
            node = node.reopen("boot-1");
            StorageAnswer.Refused refused =
                    assertInstanceOf(
                            StorageAnswer.Refused.class, fence(P0, 2), operation + " fails");
            assertEquals(Refusal.STORAGE_ERROR, refused.reason());
            assertInstanceOf(StorageAnswer.Fenced.class, fence(P1, 2), "the other one is here");
            node.disk.faults().heal();
        }
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(List.of(), node.engine.notes());
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, fence(P0, 9));
        assertEquals(FIRST, fenced.incarnation());
        node.reconcile(P0, 9, FIRST, 6);
        assertEquals(all, node.read(P0, 9, 0));
    }

    @Test
    void what_cannot_be_asked_for_is_not_called_gone() throws Exception {
        node.disk.closeHandles();
        node.disk.faults().fail(Operation.EXISTS, LOG);
        node = node.reopen("boot-1");
        assertEquals(List.of(), node.engine.notes());
        assertInstanceOf(StorageAnswer.Fenced.class, fence(P0, 2));
    }

    @Test
    void a_start_that_cannot_cut_it_goes_on_too() throws Exception {
        for (Operation operation : List.of(Operation.TRUNCATE, Operation.DELETE)) {
            two_replicas();
            node.fence(2);
            node.disk.faults().fail(operation, LOG);
            node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
            node.settle();
            node.disk.closeHandles();
            node = node.reopen("boot-1");
            assertInstanceOf(StorageAnswer.Refused.class, fence(P0, 3), operation + " fails");
            assertInstanceOf(StorageAnswer.Fenced.class, fence(P1, 3), "the other one is here");
            node.disk.faults().heal();
            node.disk.closeHandles();
            node = node.reopen("boot-1");
            StorageAnswer.Fenced fenced =
                    assertInstanceOf(StorageAnswer.Fenced.class, fence(P0, 9));
            assertEquals(1, fenced.logEnd(), "cut by " + operation);
            assertEquals(FIRST, fenced.incarnation());
        }
    }

    @Test
    void what_belongs_to_nobody_keeps_no_node_from_starting() throws Exception {
        node.assign(P0, 2, FSYNC);
        node.disk.closeHandles();
        node.disk.createDirectories(LOG + "99");
        node.disk.faults().fail(Operation.DELETE, LOG + "99");
        node = node.reopen("boot-1");
        assertEquals(1, node.engine.notes().size(), "" + node.engine.notes());
        assertInstanceOf(StorageAnswer.Fenced.class, fence(P1, 2));
    }

    @Test
    void copies_that_cannot_be_reached_cost_no_log_that_needs_none() throws Exception {
        for (Operation operation : List.of(Operation.LIST, Operation.DELETE)) {
            two_replicas();
            node.disk.createDirectories("tails/" + P0 + ".1");
            node.disk.closeHandles();
            node.disk.faults().fail(operation, "tails");
            node = node.reopen("boot-1");
            assertEquals(1, node.engine.notes().size(), "" + node.engine.notes());
            assertInstanceOf(StorageAnswer.Fenced.class, fence(P0, 2), operation + " fails");
            assertInstanceOf(StorageAnswer.Fenced.class, fence(P1, 2), operation + " fails");
        }
    }

    @Test
    void a_cut_that_never_succeeds_ends_and_the_next_start_does_it() throws Exception {
        node.fence(2);
        node.takeAnswers();
        node.disk.faults().fail(Operation.TRUNCATE, LOG);
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
        node.settle();
        assertEquals(List.of(), node.takeAnswers());
        assertTrue(news().stream().anyMatch(one -> one.contains("cannot be cut to 1 yet")));
        for (int i = 0; i < 300; i++) {
            node.tick(50);
        }
        assertEquals(List.of(), news(), "it is told once");
        assertEquals(
                Fault.IO_ERROR,
                assertInstanceOf(StorageAnswer.Faulty.class, node.takeAnswers().getFirst())
                        .fault());
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(3), "fences are answered");
        node.disk.faults().heal();
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, fence(P0, 9));
        assertEquals(1, fenced.logEnd());
        assertEquals(Incarnation.NONE, fenced.incarnation());
    }

    @Test
    void a_cut_waits_for_reads_that_fail_for_a_while_however_often_it_is_tried() {
        node.fence(2);
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 5));
        node.disk.faults().fail(Operation.READ, LOG);
        for (int i = 0; i < 300; i++) {
            node.tick(3);
        }
        assertEquals(List.of(), node.takeAnswers());
        assertTrue(news().stream().anyMatch(one -> one.contains("cannot be cut to 5 yet")));
        node.disk.faults().heal();
        node.tick(3);
        assertEquals(List.of(new StorageAnswer.Reconciled(P0, 2, FIRST, 5)), node.takeAnswers());
    }

    @Test
    void a_cut_waits_for_descriptors_as_long_as_it_takes() {
        node.fence(2);
        node.takeAnswers();
        node.disk.faults().outOfDescriptors();
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
        for (int i = 0; i < 300; i++) {
            node.tick(50);
        }
        assertEquals(List.of(), node.takeAnswers());
        node.disk.faults().heal();
        node.tick(50);
        assertEquals(List.of(new StorageAnswer.Reconciled(P0, 2, FIRST, 1)), node.takeAnswers());
    }

    @Test
    void a_checkpoint_that_it_alone_keeps_from_being_made_is_made_without_it() throws Exception {
        List<String> all = node.read(P0, 1, 0);
        node.disk.faults().fail(Operation.OPEN_DIRECTORY, LOG);
        int refused = appendElsewhere(300);
        assertTrue(refused < 30, refused + " appends were refused");
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
        node.disk.faults().heal();
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        node.fence(9);
        Incarnation again = Incarnation.of(9, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 9, again, FSYNC, true));
        node.reconcile(P0, 9, again, 6);
        assertEquals(all, node.read(P0, 9, 0), "what it had is in its copy");
    }

    /** Appends to the other one until it is refused; six seconds pass. */
    private void appendsHaveToWait() {
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            StorageAnswer answer = node.append(P1, 1, Frames.of(P1, end, 1, "b".repeat(900)));
            boolean taken = answer instanceof StorageAnswer.Appended;
            end += taken ? 1 : 0;
            refused += taken ? 0 : 1;
            node.tick(60);
        }
        assertTrue(refused > 0, "all others' appends wait");
    }

    private void checkpoint() {
        node.tick(600);
        node.tick(60);
    }

    @Test
    void a_log_is_not_given_up_for_a_directory_that_fails_for_a_moment() {
        node.disk.faults().fail(Operation.OPEN_DIRECTORY, LOG);
        appendsHaveToWait();
        node.disk.faults().heal();
        assertEquals(1, news().size(), "it is told once");
        checkpoint();
        assertEquals(0, appendElsewhere(6), "the checkpoint is made");
        assertEquals(
                FIRST, assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2)).incarnation());
    }

    @Test
    void nor_for_two_such_moments_between_which_it_was_synced() {
        node.disk.faults().fail(Operation.OPEN_DIRECTORY, LOG);
        appendsHaveToWait();
        node.disk.faults().heal();
        checkpoint();
        assertEquals(0, appendElsewhere(6));
        for (int i = 6; i < 12; i++) {
            node.append(i, 1, "a".repeat(600));
        }
        node.disk.faults().fail(Operation.OPEN_DIRECTORY, LOG);
        appendsHaveToWait();
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
    }

    @Test
    void all_logs_that_fail_are_waited_for_at_the_same_time() {
        List<PartitionId> more = new ArrayList<>();
        for (int i = 2; i < 4 + 2 * CheckpointRun.LOGS_AT_A_TIME; i++) {
            PartitionId one = new PartitionId(new TopicId(7, 7), i);
            node.ready(one, 1, FSYNC);
            node.append(one, 1, Frames.of(one, 0, 1, "c"));
            more.add(one);
        }
        node.disk.faults().fail(Operation.OPEN_DIRECTORY, more.getFirst().topic().toString());
        int refused = appendElsewhere(300);
        assertTrue(refused < 60, refused + " appends were refused");
        node.disk.faults().heal();
        more.forEach(one -> assertInstanceOf(StorageAnswer.Faulty.class, fence(one, 2)));
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
    }

    @Test
    void a_copy_that_its_directory_refuses_stops_nobody_elses_appends_for_good() {
        node.disk.failSyncs(LOG);
        node.tick(6_000);
        node.tick(60);
        node.disk.failSyncs(null);
        node.disk.faults().fail(Operation.CREATE, "tails/" + P0 + ".");
        int refused = appendElsewhere(300);
        assertTrue(refused < 60, refused + " appends were refused");
        List<String> news = news();
        assertTrue(news.stream().anyMatch(one -> one.contains("could not be kept")), "" + news);
    }

    @Test
    void a_copy_that_fails_is_tried_again_less_and_less_often() {
        node.disk.failSyncs(LOG);
        node.tick(6_000);
        node.tick(60);
        node.disk.failSyncs(null);
        node.disk.faults().fail(Operation.CREATE, "tails/" + P0 + ".");
        for (int i = 0; i < 60; i++) {
            node.tick(600);
        }
        long tries = news().stream().filter(one -> one.contains("not be copied yet")).count();
        assertTrue(tries > 4 && tries < 15, "each reads the journal, and there were " + tries);
    }

    @Test
    void a_copy_that_cannot_be_made_keeps_no_other_from_being_made() throws Exception {
        PartitionId third = new PartitionId(EngineDriver.TOPIC, 2);
        node.ready(third, 1, FSYNC);
        node.append(third, 1, Frames.of(third, 0, 1, "c"));
        node.disk.failSyncs("partitions/");
        node.tick(6_000);
        node.tick(60);
        node.disk.failSyncs(null);
        node.disk.faults().fail(Operation.CREATE, "tails/" + P0 + ".");
        node.tick(6_000);
        node.tick(60);
        assertTrue(
                node.disk.files().stream()
                        .anyMatch(
                                path ->
                                        path.startsWith("tails/" + third)
                                                && path.endsWith(".tail")),
                "" + node.disk.files());
        List<String> failed = news().stream().filter(one -> one.contains("copied yet")).toList();
        assertTrue(failed.size() > 0 && failed.stream().noneMatch(one -> one.contains("" + third)));
    }
}
