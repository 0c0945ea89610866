package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrowPathTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    @Test
    void an_unknown_replica_is_missing_and_never_empty() throws Exception {
        EngineDriver node = new EngineDriver();
        assertEquals(new StorageAnswer.Missing(P0, 1), node.fence(1));
        assertEquals(new StorageAnswer.Missing(P0, 1), node.append(0, 1, "a"));
    }

    @Test
    void what_is_appended_is_acknowledged_and_read_back() throws Exception {
        EngineDriver node = new EngineDriver();
        StorageAnswer assigned = node.assign(P0, 1, FSYNC);
        assertEquals(new StorageAnswer.Fenced(P0, 1, FIRST, 0, 0, 0, EpochChain.EMPTY), assigned);
        assertEquals(
                new StorageAnswer.Reconciled(P0, 1, FIRST, 0), node.reconcile(P0, 1, FIRST, 0));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ByteBuffer frame = Frames.of(P0, i, 1, "value-" + i + "x".repeat(i * 7));
            sent.add(Frames.identity(frame, 0));
            assertEquals(
                    new StorageAnswer.Appended(P0, 1, FIRST, i + 1), node.append(P0, 1, frame));
        }
        assertEquals(sent, node.read(P0, 1, 0));
        assertEquals(sent.subList(17, 50), node.read(P0, 1, 17));
    }

    @Test
    void appends_of_one_group_share_an_acknowledgement() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, PAGE_CACHE);
        node.takeAnswers();
        for (int i = 0; i < 3; i++) {
            node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, i, 1, "a" + i), 0));
            node.handle(SESSION, new StorageRequest.Append(P1, 1, Frames.of(P1, i, 1, "b" + i), 0));
        }
        assertEquals(List.of(), node.takeAnswers(), "nothing is durable yet");
        node.settle();
        List<StorageAnswer> answers = node.takeAnswers();
        assertEquals(2, answers.size());
        assertTrue(answers.contains(new StorageAnswer.Appended(P0, 1, FIRST, 3)));
        assertTrue(answers.contains(new StorageAnswer.Appended(P1, 1, FIRST, 3)));
    }

    @Test
    void everything_is_there_after_a_shutdown_in_good_order() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, PAGE_CACHE);
        for (int i = 0; i < 20; i++) {
            node.append(i, 1, "a" + i);
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i));
        }
        List<String> p0 = node.read(P0, 1, 0);
        List<String> p1 = node.read(P1, 1, 0);
        node.close();
        node.disk.losePower(0);
        EngineDriver again = node.reopen("boot-2");
        assertEquals(List.of(), again.engine.notes());
        for (var partition : List.of(P0, P1)) {
            StorageAnswer fenced = again.ask(SESSION, new StorageRequest.Fence(partition, 2));
            assertEquals(
                    new StorageAnswer.Fenced(
                            partition, 2, FIRST, 0, 20, 0, EpochChain.EMPTY.append(1, 0)),
                    fenced);
            again.reconcile(partition, 2, FIRST, 20);
        }
        assertEquals(p0, again.read(P0, 2, 0));
        assertEquals(p1, again.read(P1, 2, 0));
    }

    @Test
    void everything_acknowledged_is_there_after_a_loss_of_power() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 200; i++) {
            node.append(i, 1, "a" + i + "y".repeat(i));
            if (i % 10 == 0) {
                node.tick(60);
            }
        }
        List<String> sent = node.read(P0, 1, 0);
        node.disk.losePower(0);
        EngineDriver again = node.reopen("boot-2");
        assertEquals(List.of(), again.engine.notes());
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, again.fence(2));
        assertEquals(200, fenced.logEnd());
        assertEquals(FIRST, fenced.incarnation());
        again.reconcile(P0, 2, FIRST, 200);
        assertEquals(sent, again.read(P0, 2, 0));
        assertEquals(new StorageAnswer.Appended(P0, 2, FIRST, 201), again.append(200, 2, "more"));
    }

    @Test
    void a_reconcile_cuts_the_log_and_new_records_take_the_place() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 60; i++) {
            node.append(i, 1, "a" + i + "y".repeat(i));
        }
        List<String> before = node.read(P0, 1, 0);
        node.fence(2);
        assertEquals(
                new StorageAnswer.Reconciled(P0, 2, FIRST, 23), node.reconcile(P0, 2, FIRST, 23));
        assertEquals(before.subList(0, 23), node.read(P0, 2, 0));
        for (int i = 23; i < 40; i++) {
            node.append(i, 2, "new" + i);
        }
        List<String> after = node.read(P0, 2, 0);
        assertEquals(40, after.size());
        node.disk.losePower(0);
        EngineDriver again = node.reopen("boot-2");
        assertEquals(List.of(), again.engine.notes());
        again.fence(3);
        again.reconcile(P0, 3, FIRST, 40);
        assertEquals(after, again.read(P0, 3, 0));
    }

    @Test
    void a_log_that_nobody_waits_for_any_more_is_no_lack_of_space() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Assign(P0, 2, Incarnation.of(2, 1), FSYNC, false));
        node.engine.sessionClosed(SESSION);
        node.settle();
        StorageAnswer.Refused refused =
                assertInstanceOf(StorageAnswer.Refused.class, node.takeAnswers().getLast());
        assertEquals(StorageAnswer.Refusal.STALE_SESSION, refused.reason());
    }
}
