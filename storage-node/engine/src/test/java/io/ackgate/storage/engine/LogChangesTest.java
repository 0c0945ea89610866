package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log is replaced, cut or synced, and something comes in between or fails. */
class LogChangesTest {
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
        node.takeAnswers();
    }

    private StorageAnswer.Fenced fenced(int epoch) {
        return assertInstanceOf(StorageAnswer.Fenced.class, node.fence(epoch));
    }

    private void cutTo(int epoch, long end) {
        node.handle(SESSION, new StorageRequest.Reconcile(P0, epoch, FIRST, end));
    }

    private StorageAnswer restartAt(int epoch, long start) {
        return node.ask(
                SESSION,
                new StorageRequest.TruncateFullyAndStartAt(
                        P0, epoch, FIRST, start, KnownProducers.NOBODY));
    }

    private List<String> logsOf(PartitionId partition) throws Exception {
        return node.disk.list(EngineContext.PARTITIONS).stream()
                .filter(name -> name.startsWith(partition + "."))
                .toList();
    }

    private void checkpoint() {
        node.tick(6_000);
        node.tick(60);
        assertTrue(node.engine.journalBytes() < 1_000, "a checkpoint has been made");
    }

    private BackgroundWork begun() {
        BackgroundWork backgroundWork = node.engine.beginBackgroundWork();
        assertNotNull(backgroundWork);
        backgroundWork.run();
        return backgroundWork;
    }

    private void sync() {
        Sync sync = node.engine.beginSync();
        if (sync != null) {
            sync.run();
            node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        }
    }

    private void done(BackgroundWork backgroundWork) {
        node.engine.backgroundWorkDone(
                backgroundWork, node.now, (to, answer) -> node.answers.add(answer));
    }

    /** Nothing can be journaled any more. */
    private void theJournalFails() {
        node.disk.faults().fail(Operation.CREATE, "journal/");
        node.disk.faults().fail(Operation.RENAME, "journal/");
        node.disk.failSyncs("journal/");
        PartitionId other = new PartitionId(EngineDriver.TOPIC, 7);
        node.handle(
                SESSION, new StorageRequest.Assign(other, 1, Incarnation.of(1, 7), FSYNC, false));
        for (int i = 0; i < 20 && !node.engine.failed(); i++) {
            node.tickOnly(200);
            sync();
        }
        assertTrue(node.engine.failed());
    }

    @Test
    void what_waited_for_a_change_is_handled_once() {
        node.fence(2);
        node.takeAnswers();
        cutTo(2, 1);
        node.handle(SESSION, new StorageRequest.Append(P0, 2, Frames.of(P0, 1, 2, "y"), 0));
        node.settle();
        assertEquals(
                List.of(
                        new StorageAnswer.Reconciled(P0, 2, FIRST, 1),
                        new StorageAnswer.Appended(P0, 2, FIRST, 2)),
                node.takeAnswers());
        node.fence(3);
        node.takeAnswers();
        cutTo(3, 1);
        node.settle();
        assertEquals(List.of(new StorageAnswer.Reconciled(P0, 3, FIRST, 1)), node.takeAnswers());
    }

    @Test
    void what_lies_below_a_restarted_logs_begin_counts_as_committed() throws Exception {
        node.fence(2);
        assertEquals(new StorageAnswer.Reconciled(P0, 2, FIRST, 100), restartAt(2, 100));
        assertEquals(100, fenced(3).highWatermark());
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(100, fenced(4).highWatermark());
    }

    @Test
    void a_log_that_is_replaced_or_deleted_is_removed_with_its_files() throws Exception {
        assertEquals(1, logsOf(P0).size());
        int open = node.disk.openFiles();
        node.fence(2);
        restartAt(2, 100);
        assertEquals(1, logsOf(P0).size(), "the one that began anew");
        node.assign(P0, 3, FSYNC);
        assertEquals(1, logsOf(P0).size(), "the one of the last incarnation");
        node.ask(SESSION, new StorageRequest.Delete(P0, 3));
        assertEquals(List.of(), logsOf(P0));
        assertTrue(node.disk.openFiles() < open, "its files are closed");
    }

    @Test
    void a_cut_that_is_done_is_not_done_again_by_the_next_start() throws Exception {
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 1);
        for (int i = 1; i < 4; i++) {
            node.append(i, 2, "c".repeat(600));
        }
        checkpoint();
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(4, fenced(9).logEnd());
    }

    @Test
    void a_cut_whose_sync_fails_leaves_a_faulty_replica_at_once() throws Exception {
        node.fence(2);
        node.takeAnswers();
        node.disk.failSyncs("partitions/" + P0);
        cutTo(2, 1);
        node.settle();
        assertEquals(
                List.of(Fault.IO_ERROR), node.takeAnswers().stream().map(this::fault).toList());
        node.disk.failSyncs(null);
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(3));
    }

    private Fault fault(StorageAnswer answer) {
        return assertInstanceOf(StorageAnswer.Faulty.class, answer).fault();
    }

    private String firstSegment() {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + P0 + ".") && path.endsWith("000.log"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_cut_of_a_file_that_is_gone_proves_damage() throws Exception {
        node.fence(2);
        node.takeAnswers();
        cutTo(2, 1);
        node.disk.delete(firstSegment());
        node.settle();
        assertEquals(List.of(Fault.CORRUPT), node.takeAnswers().stream().map(this::fault).toList());
    }

    @Test
    void a_cut_on_a_full_disk_is_tried_again() {
        node.fence(2);
        node.takeAnswers();
        node.disk.faults().fullAt(Operation.TRUNCATE, firstSegment());
        cutTo(2, 1);
        node.settle();
        node.tick(60);
        assertEquals(List.of(), node.takeAnswers());
        node.disk.faults().heal();
        node.tick(60);
        assertEquals(List.of(new StorageAnswer.Reconciled(P0, 2, FIRST, 1)), node.takeAnswers());
    }

    @Test
    void a_cut_that_comes_to_its_end_behind_the_journals_changes_nothing() {
        node.fence(2);
        cutTo(2, 1);
        done(begun());
        sync();
        BackgroundWork cut = begun();
        node.takeAnswers();
        theJournalFails();
        assertTrue(
                node.takeAnswers().stream()
                        .anyMatch(
                                one ->
                                        one instanceof StorageAnswer.Faulty faulty
                                                && faulty.partition().equals(P0)));
        done(cut);
        assertEquals(List.of(), node.takeAnswers(), "it has been answered before");
    }

    @Test
    void a_log_that_was_created_for_a_replica_that_has_failed_meanwhile_is_removed()
            throws Exception {
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 4, 1, "lost"), 0));
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        node.handle(SESSION, new StorageRequest.Assign(P0, 2, Incarnation.of(2, 1), FSYNC, false));
        BackgroundWork creation = begun();
        assertEquals(2, logsOf(P0).size());
        node.disk.failSyncs("journal/");
        sync.run();
        node.disk.failSyncs(null);
        node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        assertInstanceOf(StorageAnswer.Faulty.class, node.takeAnswers().getFirst());
        done(creation);
        assertEquals(List.of(), node.takeAnswers(), "it has been answered before");
        node.settle();
        assertEquals(1, logsOf(P0).size());
    }

    @Test
    void and_so_is_one_for_a_session_that_has_ended() throws Exception {
        node.handle(SESSION, new StorageRequest.Assign(P0, 2, Incarnation.of(2, 1), FSYNC, false));
        BackgroundWork creation = begun();
        node.engine.sessionClosed(SESSION);
        done(creation);
        refused(Refusal.STALE_SESSION, node.takeAnswers().getFirst());
        node.settle();
        assertEquals(1, logsOf(P0).size());
        assertEquals(FIRST, fenced(2).incarnation(), "and the log is as it was");
    }

    private static void refused(Refusal reason, StorageAnswer answer) {
        assertEquals(reason, assertInstanceOf(StorageAnswer.Refused.class, answer).reason());
    }

    private StorageAnswer becomesFsync() {
        return node.ask(SESSION, new StorageRequest.Configure(P1, 1, FSYNC));
    }

    @Test
    void a_log_whose_sync_fails_does_not_become_fsync_but_faulty() {
        node.disk.failSyncs("partitions/" + P1);
        assertEquals(Fault.IO_ERROR, fault(becomesFsync()));
        node.disk.failSyncs(null);
        assertEquals(Fault.IO_ERROR, fault(becomesFsync()), "whoever asks again hears of it");
    }

    @Test
    void one_that_is_synced_when_the_journal_has_no_room_stays_as_it_is() {
        node.handle(SESSION, new StorageRequest.Configure(P1, 1, FSYNC));
        BackgroundWork flush = begun();
        node.disk.faults().fail(Operation.CREATE, "journal/");
        node.disk.faults().fail(Operation.RENAME, "journal/");
        node.takeAnswers();
        for (int epoch = 2; node.engine.journal().roomForControl(); epoch++) {
            node.handle(SESSION, new StorageRequest.Fence(P0, epoch));
            sync();
            assertTrue(epoch < 10_000, "the journal has no end");
        }
        node.takeAnswers();
        done(flush);
        refused(Refusal.DISK_FULL, node.takeAnswers().getFirst());
    }

    @Test
    void one_that_is_synced_behind_the_journals_end_changes_nothing() {
        node.handle(SESSION, new StorageRequest.Configure(P1, 1, FSYNC));
        BackgroundWork flush = begun();
        theJournalFails();
        node.takeAnswers();
        done(flush);
        assertEquals(List.of(), node.takeAnswers(), "it has been answered before");
    }

    @Test
    void a_log_that_was_replaced_and_could_not_be_deleted_is_deleted_by_a_later_start()
            throws Exception {
        node.close();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.disk.faults().fail(Operation.DELETE, "partitions/" + P0);
        node.assign(P0, 2, FSYNC);
        assertEquals(2, logsOf(P0).size());
        node.disk.faults().heal();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        assertEquals(1, logsOf(P0).size());
        assertEquals(Incarnation.of(2, 1), fenced(3).incarnation());
    }
}
