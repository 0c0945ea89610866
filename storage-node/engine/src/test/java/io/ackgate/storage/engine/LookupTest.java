package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.simulated.DiskFaults;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files are read beside the engine's thread, for whoever still may read when that is done. */
class LookupTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final StreamSession OTHER = new StreamSession(8, 1);

    private EngineDriver node;

    @BeforeEach
    void write() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 20; i++) {
            node.append(i, 1, "a" + i + "v".repeat(300));
        }
        node.takeAnswers();
    }

    private Lookup begin(long offset) {
        node.handle(SESSION, new StorageRequest.Read(P0, 1, 1, offset, 4_096, Long.MAX_VALUE));
        Lookup lookup = node.engine.beginLookup();
        assertNotNull(lookup);
        assertEquals(List.of(), node.takeAnswers(), "nothing is read on the engine's thread");
        return lookup;
    }

    private StorageAnswer.Records end(Lookup lookup) {
        node.engine.lookupDone(lookup, (session, answer) -> node.answers.add(answer));
        List<StorageAnswer> answers = node.takeAnswers();
        assertEquals(1, answers.size());
        return assertInstanceOf(StorageAnswer.Records.class, answers.getFirst());
    }

    @Test
    void what_was_read_is_answered() {
        Lookup lookup = begin(3);
        lookup.run();
        StorageAnswer.Records records = end(lookup);
        assertEquals(ReadStatus.OK, records.status());
        assertEquals(20, records.logEnd());
    }

    @Test
    void a_search_by_time_is_not_done_on_the_engines_thread_either() {
        node.handle(SESSION, new StorageRequest.ListOffset(P0, 1, 1, 0));
        Lookup search = node.engine.beginLookup();
        assertNotNull(search);
        assertEquals(List.of(), node.takeAnswers());
        search.run();
        node.engine.lookupDone(search, (session, answer) -> node.answers.add(answer));
        StorageAnswer.OffsetListed found =
                assertInstanceOf(StorageAnswer.OffsetListed.class, node.takeAnswers().getFirst());
        assertEquals(ReadStatus.OK, found.status());
        assertEquals(0, found.offset());
    }

    @Test
    void whoever_has_lost_the_replica_meanwhile_reads_nothing() {
        Lookup lookup = begin(3);
        lookup.run();
        node.ask(OTHER, new StorageRequest.Fence(P0, 2));
        assertEquals(ReadStatus.NOT_AVAILABLE, end(lookup).status());
    }

    @Test
    void a_log_cut_and_reconciled_again_meanwhile_is_not_answered_from_before() {
        Lookup lookup = begin(19);
        lookup.run();
        node.ask(SESSION, new StorageRequest.Fence(P0, 2));
        node.ask(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 5));
        assertEquals(ReadStatus.NOT_AVAILABLE, end(lookup).status());
    }

    @Test
    void what_a_session_asked_for_is_dropped_with_it() {
        node.handle(SESSION, new StorageRequest.Read(P0, 1, 1, 3, 4_096, Long.MAX_VALUE));
        node.engine.sessionClosed(SESSION);
        assertNull(node.engine.beginLookup());
    }

    @Test
    void no_more_are_under_way_than_there_are_readers() {
        for (int i = 0; i < 10; i++) {
            node.handle(SESSION, new StorageRequest.Read(P0, 1, i, i, 4_096, Long.MAX_VALUE));
        }
        Lookup first = node.engine.beginLookup();
        assertNotNull(first);
        for (int i = 1; i < Lookups.READERS; i++) {
            assertNotNull(node.engine.beginLookup());
        }
        assertNull(node.engine.beginLookup());
        first.run();
        end(first);
        assertNotNull(node.engine.beginLookup());
    }

    /** After a start no index is in memory, and to load one takes a look at a whole segment. */
    private void restart() throws Exception {
        node.close();
        node = node.reopen("boot-1");
        node.fence(2);
        node.takeAnswers();
    }

    private void readsFail(boolean fail) {
        node.disk.faults().heal();
        if (fail) {
            node.disk.faults().fail(DiskFaults.Operation.READ, ".log");
            node.disk.faults().fail(DiskFaults.Operation.OPEN, "index");
        }
    }

    @Test
    void a_cut_loads_no_index_on_the_engines_thread() throws Exception {
        restart();
        readsFail(true);
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 19));
        assertEquals(List.of(), node.takeAnswers());
        readsFail(false);
        node.settle();
        assertEquals(List.of(new StorageAnswer.Reconciled(P0, 2, FIRST, 19)), node.takeAnswers());
    }

    @Test
    void nor_does_a_repeat_of_what_is_held() throws Exception {
        restart();
        node.reconcile(P0, 2, FIRST, 20);
        node.takeAnswers();
        readsFail(true);
        node.handle(
                SESSION,
                new StorageRequest.Append(P0, 2, Frames.of(P0, 19, 1, "a19" + "v".repeat(300)), 0));
        assertEquals(List.of(), node.takeAnswers());
        readsFail(false);
        node.settle();
        assertEquals(List.of(new StorageAnswer.Appended(P0, 2, FIRST, 20)), node.takeAnswers());
    }

    @Test
    void what_is_to_be_refused_loads_nothing_and_nobody_waits_for_it() throws Exception {
        restart();
        StorageRequest.Append repeat =
                new StorageRequest.Append(P0, 2, Frames.of(P0, 19, 1, "a19" + "v".repeat(300)), 0);
        refusedAtOnce(SESSION, repeat, StorageAnswer.Refusal.NOT_RECONCILED);
        refusedAtOnce(OTHER, repeat, StorageAnswer.Refusal.STALE_SESSION);
        refusedAtOnce(
                SESSION,
                new StorageRequest.Append(P0, 1, repeat.frame(), 0),
                StorageAnswer.Refusal.STALE_EPOCH);
        refusedAtOnce(
                SESSION,
                new StorageRequest.Reconcile(P0, 1, FIRST, 19),
                StorageAnswer.Refusal.STALE_EPOCH);
        refusedAtOnce(
                SESSION,
                new StorageRequest.Reconcile(P0, 2, Incarnation.of(9, 9), 19),
                StorageAnswer.Refusal.WRONG_INCARNATION);
        node.engine.sessionClosed(SESSION);
        refusedAtOnce(SESSION, repeat, StorageAnswer.Refusal.STALE_SESSION);
    }

    private void refusedAtOnce(
            StreamSession asker, StorageRequest request, StorageAnswer.Refusal why) {
        node.handle(asker, request);
        List<StorageAnswer> answers = node.takeAnswers();
        assertEquals(1, answers.size(), "answered without a look into files: " + request);
        assertEquals(
                why, assertInstanceOf(StorageAnswer.Refused.class, answers.getFirst()).reason());
    }

    @Test
    void whoever_needs_an_index_that_cannot_be_read_is_told_so() throws Exception {
        restart();
        readsFail(true);
        StorageAnswer.Refused refused =
                assertInstanceOf(StorageAnswer.Refused.class, node.reconcile(P0, 2, FIRST, 19));
        assertEquals(StorageAnswer.Refusal.STORAGE_ERROR, refused.reason());
        readsFail(false);
        assertEquals(
                new StorageAnswer.Reconciled(P0, 2, FIRST, 19), node.reconcile(P0, 2, FIRST, 19));
    }
}
