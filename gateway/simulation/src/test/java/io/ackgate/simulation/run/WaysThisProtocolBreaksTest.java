package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each row of the protocol's table "Ways this very protocol breaks when built carelessly", played
 * to the point at which the careless version loses data. The invariants judge every step; what is
 * asserted here is that the story went where it was meant to go. Nodes 1, 2, 3 are the rows' A, B,
 * C. Five rows are stories in {@code src/test/resources/stories}: an append to a replica that was
 * not fenced, a wiped disk, a page-cache replica after a loss of power, a leader that answers with
 * another log, and an ISR all of whose members are gone.
 */
class WaysThisProtocolBreaksTest {
    private static boolean isAppend(StorageRequest request) {
        return request instanceof StorageRequest.Append;
    }

    @Test
    void a_repeated_truncate_of_the_owners_own_epoch() {
        Scene scene = Scene.withMinInsyncReplicas(2);
        List<Scene.Kept> reconciles =
                scene.copy(3, request -> request instanceof StorageRequest.Reconcile);
        scene.takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        assertEquals(1, reconciles.size());
        scene.chapter("\"truncate to 0\" arrives again");
        reconciles.get(0).arrives();
        scene.run(5);
        assertEquals(1, scene.logEnd(3));
        assertTrue(scene.isTold("Refused UNSAFE_TRUNCATION"), () -> scene.told(10));
        scene.chapter("and again, when another stream has taken the place of its own");
        scene.breakStream(0, 3).run(60);
        reconciles.get(0).arrives();
        scene.run(5);
        assertTrue(scene.isTold("Refused STALE_SESSION"), () -> scene.told(10));
        scene.untilEverywhere();
        assertEquals(1, scene.committedEnd());
    }

    @Test
    void an_append_in_flight_across_the_fence() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.node(2).setSyncNanos(30 * Scene.MILLIS);
        scene.chapter("x is durable at A and C, its sync at B is under way");
        Scene.Sent x = scene.send(0, scene.plain(Acks.ALL));
        scene.until("A and C have x", () -> scene.isTold("node-3    -> [1/1]  p0 e1 Appended"));
        scene.chapter("the taker reaches B only, and fences it before the sync has ended");
        scene.cut(1, 1).cut(1, 3).takeOver(1);
        assertEquals(List.of(2), scene.isr());
        assertFalse(
                scene.isTold("node-2    -> [1/1]  p0 e1 Appended"),
                "B acknowledges nothing to epoch 1 after it has promised itself to epoch 2");
        assertTrue(scene.isTold("Fenced 1.2 [0, 1)"), "what will be durable is told to epoch 2");
        scene.mend(1, 1).mend(1, 3).untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(1, scene.committedEnd(), "x is in the log of epoch 2");
        assertTrue(x.isAnswered());
    }

    @Test
    void a_compare_and_set_that_timed_out_is_forgotten() {
        Scene scene = Scene.withMinInsyncReplicas(1).takeOver(0);
        scene.cut(0, 3).untilIsr(1, 2);
        scene.run(10);
        scene.chapter("\"add C\" times out and lands later; C is gone again meanwhile");
        scene.metadata().setNext(SimMetadata.Mishap.LATE);
        scene.mend(0, 3);
        int before = changes(scene);
        scene.until("C is to be added", () -> changes(scene) > before);
        scene.cut(0, 3);
        Scene.Sent x = scene.send(0, scene.plain(Acks.ALL));
        scene.run(25);
        assertEquals(List.of(1, 2), scene.isr(), "the old version is what one reads");
        assertFalse(x.isAnswered(), "C may be in the ISR already");
        scene.until("x is answered", x::isAnswered);
        scene.mend(0, 3).untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(1, scene.committedEnd());
    }

    private static int changes(Scene scene) {
        return (int)
                scene.story().lines().stream()
                        .filter(line -> line.contains("compare-and-set #"))
                        .count();
    }

    @Test
    void a_log_end_at_the_high_watermark_suffices_for_admission() {
        Scene scene = Scene.withMinInsyncReplicas(1).takeOver(0);
        scene.cut(0, 3).untilIsr(1, 2).run(10);
        scene.keep(1, request -> request instanceof StorageRequest.AdvanceHighWatermark);
        scene.write(0, scene.plain(Acks.ALL));
        scene.gateway(0).pause();
        scene.chapter("the taker reaches A, whose high watermark is 0, and C, whose log is empty");
        List<Scene.Kept> toC = scene.keep(3, WaysThisProtocolBreaksTest::isAppend);
        scene.cut(1, 2).takeOver(1).run(100);
        assertTrue(scene.isTold("Fenced 1.1 [0, 1) hw 0"), () -> scene.told(30));
        assertEquals(List.of(1), scene.isr(), "C lacks what may be committed");
        scene.chapter("C gets x");
        scene.keep(3, request -> false);
        toC.forEach(Scene.Kept::arrives);
        scene.untilIsr(1, 3);
        assertEquals(1, scene.logEnd(3));
        scene.mend(1, 2).untilEverywhere();
    }

    @Test
    void an_isr_change_that_is_conditioned_on_the_isrs_value() {
        Scene scene = Scene.withMinInsyncReplicas(1).takeOver(0);
        scene.chapter("the owner drops C, which is cut off; the change is late, x waits for it");
        scene.metadata().setNext(SimMetadata.Mishap.LATE);
        int before = changes(scene);
        scene.cut(0, 3);
        Scene.Sent x = scene.send(0, scene.plain(Acks.ALL));
        scene.until("C is to be dropped", () -> changes(scene) > before);
        scene.gateway(0).pause();
        scene.chapter("the taker reaches C only");
        scene.cut(1, 1).cut(1, 2).takeOver(1);
        assertEquals(List.of(3), scene.isr());
        scene.chapter("the zombie wakes up, and its change arrives");
        scene.gateway(0).resume();
        scene.run(200);
        assertEquals(List.of(3), scene.isr(), "it was conditioned on a version that is gone");
        assertEquals(2, scene.stored().leaderEpoch());
        assertFalse(x.isWritten(), "C lacks x");
        scene.mend(1, 1).mend(1, 2).untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(0, scene.committedEnd());
    }

    @Test
    void a_gateway_restarted_under_its_old_name_resumes_its_epoch() {
        Scene scene = Scene.withMinInsyncReplicas(1).takeOver(0);
        GatewaySession first = scene.gateway(0).id();
        scene.keep(2, WaysThisProtocolBreaksTest::isAppend);
        scene.keep(3, WaysThisProtocolBreaksTest::isAppend);
        scene.chapter("only A gets x; the gateway's process dies and starts again");
        scene.send(0, scene.plain(Acks.ALL));
        scene.run(5).restartGateway(0).run(10);
        scene.keep(2, request -> false);
        scene.keep(3, request -> false);
        assertNotEquals(first, scene.gateway(0).id(), "nobody resumes an epoch");
        scene.cut(0, 1).takeOver(0);
        assertEquals(2, scene.stored().leaderEpoch());
        scene.chapter("y gets the offset that x had, in another epoch");
        scene.write(0, scene.plain(Acks.ALL));
        scene.mend(0, 1).untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(1, scene.committedEnd());
    }

    @Test
    void a_duplicate_answered_from_the_log_before_it_is_committed() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.keep(1, WaysThisProtocolBreaksTest::isAppend);
        scene.keep(3, WaysThisProtocolBreaksTest::isAppend);
        Batch x = scene.idempotent(7, 0);
        scene.chapter("only B gets x; epoch 2 leads with B and finds x there");
        scene.send(0, x);
        scene.run(5).takeOver(1);
        assertEquals(2, scene.stored().leader().orElseThrow().value());
        Scene.Sent retry = scene.send(1, x);
        scene.run(50);
        assertFalse(retry.isAnswered(), "x is in the log of B alone");
        scene.chapter("epoch 3 does not reach B");
        scene.gateway(1).pause();
        scene.keep(1, request -> false);
        scene.keep(3, request -> false);
        scene.restartGateway(0).cut(0, 2).run(10).takeOver(0);
        ProduceOutcome.Written again = (ProduceOutcome.Written) scene.write(0, x).outcome();
        assertFalse(again.duplicate(), "x was nowhere");
        scene.gateway(1).resume();
        scene.mend(0, 2).untilIsr(1, 2, 3).untilEverywhere();
        assertFalse(retry.isWritten());
        assertEquals(1, scene.committedEnd());
    }

    @Test
    void checked_before_deduplicating() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        Batch x = scene.idempotent(7, 0);
        scene.chapter("x is in the leader's log when the ISR shrinks to it");
        scene.cut(0, 2).cut(0, 3);
        Scene.Sent first = scene.send(0, x);
        scene.untilIsr(1).run(10);
        assertTrue(
                first.failedWith(
                        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                        WriteStatus.MAY_HAVE_BEEN_WRITTEN));
        scene.chapter("a retry joins what is in the log, whatever the ISR is now");
        Scene.Sent retry = scene.send(0, x);
        scene.run(10);
        assertFalse(retry.isAnswered(), "it is not told that x was not written");
        scene.mend(0, 2).mend(0, 3);
        scene.until("the retry is answered", retry::isAnswered);
        assertTrue(retry.isWritten());
        scene.untilEverywhere();
        assertEquals(1, scene.committedEnd());
    }

    @Test
    void a_log_is_emptied_while_nobody_else_is_whole() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.run(20).chapter("A and C are gone when an fsync of B fails");
        scene.kill(1).kill(3).run(5).failSyncs(2);
        scene.send(0, scene.plain(Acks.LEADER));
        scene.until("B is faulty", () -> scene.isTold("Faulty 1.2")).syncsSucceed(2);
        scene.run(400);
        assertEquals(List.of(1, 2, 3), scene.isr(), () -> scene.told(40));
        assertFalse(scene.isTold("Assign 1.4"), "B is not made anew from nobody");
        scene.start(1).start(3).untilIsr(1, 2, 3).untilEverywhere();
        assertTrue(scene.committedEnd() >= 1);
    }
}
