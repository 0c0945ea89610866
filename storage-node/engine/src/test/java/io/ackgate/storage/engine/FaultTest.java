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
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disks that are full, and disks that fail. */
class FaultTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private EngineDriver node;

    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        for (int i = 0; i < 4; i++) {
            node.append(i, 1, "a" + i);
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i));
        }
    }

    private StorageAnswer fill(int from) {
        StorageAnswer answer = new StorageAnswer.Missing(P0, 0);
        for (int i = from; i < from + 400; i++) {
            answer = node.append(i, 1, "fill" + "f".repeat(900));
            if (!(answer instanceof StorageAnswer.Appended)) {
                return answer;
            }
        }
        return answer;
    }

    @Test
    void a_full_disk_refuses_appends_keeps_promises_and_recovers_with_space() throws Exception {
        node.disk.space(5_000);
        StorageAnswer.Refused refused = assertInstanceOf(StorageAnswer.Refused.class, fill(4));
        assertEquals(Refusal.DISK_FULL, refused.reason());
        long end = refused.logEnd();
        assertTrue(end > 4, "some fitted");
        assertEquals(end, node.read(P0, 1, 0).size(), "nothing of what was refused is there");
        assertInstanceOf(
                StorageAnswer.Fenced.class,
                node.ask(new StreamSession(9, 1), new StorageRequest.Fence(P0, 2)),
                "a full disk still obeys");
        node.fence(3);
        node.reconcile(P0, 3, FIRST, end);
        node.disk.space(Long.MAX_VALUE);
        node.tick(1_000);
        assertEquals(
                new StorageAnswer.Appended(P0, 3, FIRST, end + 1),
                node.append(end, 3, "there is space again"));
        List<String> all = node.read(P0, 3, 0);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(List.of(), node.engine.notes());
        node.fence(4);
        node.reconcile(P0, 4, FIRST, end + 1);
        assertEquals(all, node.read(P0, 4, 0));
    }

    @Test
    void a_journal_that_cannot_grow_refuses_appends_and_keeps_its_reserve_for_fences()
            throws Exception {
        // Segments have space, but there is none for whole journal files, nor for checkpoints.
        node.disk.failSyncs("checkpoint");
        int end = 4;
        StorageAnswer answer = node.append(end, 1, "x".repeat(900));
        while (answer instanceof StorageAnswer.Appended) {
            node.disk.space(3_000);
            answer = node.append(++end, 1, "x".repeat(900));
        }
        assertEquals(
                Refusal.DISK_FULL, assertInstanceOf(StorageAnswer.Refused.class, answer).reason());
        assertTrue(node.engine.diskFull());
        for (int epoch = 2; epoch < 6; epoch++) {
            assertInstanceOf(StorageAnswer.Fenced.class, node.fence(epoch));
        }
        node.disk.space(Long.MAX_VALUE);
        node.disk.failSyncs(null);
        node.tick(1_000);
        node.tick(1_000);
        assertFalse(node.engine.diskFull());
        node.reconcile(P0, 5, FIRST, end);
        assertInstanceOf(StorageAnswer.Appended.class, node.append(end, 5, "again"));
    }

    @Test
    void a_failed_sync_makes_faulty_what_it_lost_and_nothing_else() throws Exception {
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 4, 1, "lost"), 0));
        node.disk.failSyncs("journal/");
        node.settle();
        node.disk.failSyncs(null);
        StorageAnswer.Faulty told =
                assertInstanceOf(StorageAnswer.Faulty.class, node.takeAnswers().get(0));
        assertEquals(Fault.IO_ERROR, told.fault());
        assertEquals(FIRST, told.incarnation());
        node.settle();
        assertInstanceOf(StorageAnswer.Faulty.class, node.append(5, 1, "more"));
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2), "a fence heals nothing");
        assertEquals(
                new StorageAnswer.Appended(P1, 1, FIRST, 5),
                node.append(P1, 1, Frames.of(P1, 4, 1, "sound")),
                "the journal goes on in another file");
        node.tick(1_000);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Fenced looked =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3), "a look at it may");
        assertEquals(Incarnation.NONE, looked.incarnation(), "but it counts for nothing");
        assertTrue(looked.logEnd() >= 4, "what was acknowledged is there: " + looked);
        node.ask(SESSION, new StorageRequest.Fence(P1, 3));
        node.reconcile(P1, 3, FIRST, 5);
        assertEquals(5, node.read(P1, 3, 0).size());
        assertInstanceOf(StorageAnswer.Fenced.class, node.assign(P0, 3, FSYNC));
        node.reconcile(P0, 3, Incarnation.of(3, 1), 0);
        assertEquals(
                new StorageAnswer.Appended(P0, 3, Incarnation.of(3, 1), 1),
                node.append(0, 3, "new life"));
    }

    @Test
    void what_gathered_while_a_sync_failed_is_not_lost_for_others() throws Exception {
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 4, 1, "lost"), 0));
        Sync sync = assertInstanceOf(Sync.class, node.engine.beginSync());
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 5, 1, "too"), 0));
        node.handle(SESSION, new StorageRequest.Append(P1, 1, Frames.of(P1, 4, 1, "kept"), 0));
        node.disk.failSyncs("journal/");
        sync.run();
        node.disk.failSyncs(null);
        node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        node.settle();
        List<StorageAnswer> answers = node.takeAnswers();
        assertInstanceOf(StorageAnswer.Faulty.class, answers.get(0));
        assertEquals(new StorageAnswer.Appended(P1, 1, FIRST, 5), answers.get(1));
        assertEquals(2, answers.size(), "nothing of P0 is acknowledged: " + answers);
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        StorageAnswer.Fenced looked =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2), "a gap is no rot");
        assertEquals(Incarnation.NONE, looked.incarnation(), "but it counts for nothing");
        assertEquals(4, looked.logEnd(), "what was acknowledged is there");
        StorageAnswer.Fenced sound =
                assertInstanceOf(
                        StorageAnswer.Fenced.class,
                        node.ask(SESSION, new StorageRequest.Fence(P1, 2)));
        assertEquals(5, sound.logEnd());
    }

    @Test
    void a_fence_whose_sync_failed_is_not_promised() {
        node.takeAnswers();
        node.handle(new StreamSession(9, 1), new StorageRequest.Fence(P0, 2));
        node.disk.failSyncs("journal/");
        node.settle();
        assertTrue(node.takeAnswers().stream().allMatch(a -> a instanceof StorageAnswer.Faulty));
    }

    @Test
    void a_journal_that_nowhere_can_be_written_stops_the_node_and_says_so() throws Exception {
        node.disk.failSyncs("journal/");
        for (int i = 4; i < 12 && !node.engine.failed(); i++) {
            for (PartitionId partition : List.of(P0, P1)) {
                node.handle(
                        SESSION,
                        new StorageRequest.Assign(
                                partition, i, Incarnation.of(i, 1), FSYNC, false));
            }
            node.settle();
            node.tick(1_000);
        }
        assertTrue(node.engine.failed());
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(50));
        node.disk.failSyncs(null);
        node.tick(1_000);
        assertFalse(node.engine.failed(), "a file that can be written ends it");
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(51));
        assertInstanceOf(StorageAnswer.Fenced.class, node.assign(P0, 52, FSYNC));
        node.reconcile(P0, 52, Incarnation.of(52, 1), 0);
        node.append(0, 52, "again");
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(1, ((StorageAnswer.Fenced) node.fence(53)).logEnd());
    }

    @Test
    void a_segment_that_cannot_be_synced_is_not_checkpointed() throws Exception {
        node.disk.failSyncs(P0 + ".");
        node.tick(6_000);
        node.tick(60);
        node.disk.failSyncs(null);
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
        assertEquals(
                new StorageAnswer.Appended(P1, 1, FIRST, 5),
                node.append(P1, 1, Frames.of(P1, 4, 1, "sound")));
        node.tick(6_000);
        node.tick(60);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Fenced looked = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3));
        assertEquals(Incarnation.NONE, looked.incarnation());
        assertEquals(4, looked.logEnd());
    }

    @Test
    void a_write_that_fails_for_another_reason_than_space_makes_the_replica_faulty() {
        node.disk.failWrites(true);
        StorageAnswer answer = node.append(4, 1, "x");
        node.disk.failWrites(false);
        assertEquals(Fault.IO_ERROR, assertInstanceOf(StorageAnswer.Faulty.class, answer).fault());
        assertInstanceOf(StorageAnswer.Faulty.class, node.append(4, 1, "x"));
    }

    @Test
    void a_full_disk_at_an_assignment_changes_nothing() {
        node.disk.space(-1);
        PartitionId other = new PartitionId(EngineDriver.TOPIC, 9);
        StorageAnswer answer = node.assign(other, 1, PAGE_CACHE);
        assertEquals(
                Refusal.DISK_FULL, assertInstanceOf(StorageAnswer.Refused.class, answer).reason());
        assertEquals(
                new StorageAnswer.Missing(other, 1),
                node.ask(SESSION, new StorageRequest.Fence(other, 1)));
        node.disk.space(Long.MAX_VALUE);
        assertInstanceOf(StorageAnswer.Fenced.class, node.assign(other, 1, PAGE_CACHE));
    }

    @Test
    void a_log_whose_directory_is_gone_is_corrupt_when_it_begins_its_next_segment()
            throws Exception {
        for (String name : node.disk.list(EngineContext.PARTITIONS)) {
            if (name.startsWith(P0 + ".")) {
                node.disk.deleteRecursively(EngineContext.PARTITIONS + "/" + name);
            }
        }
        StorageAnswer.Faulty faulty = assertInstanceOf(StorageAnswer.Faulty.class, fill(4));
        assertEquals(Fault.CORRUPT, faulty.fault());
    }
}
