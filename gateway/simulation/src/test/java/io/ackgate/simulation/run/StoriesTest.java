package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.ProduceError;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.WriteStatus;
import io.ackgate.simulation.check.Batch;
import org.junit.jupiter.api.Test;

/**
 * What everybody should have read once: how it goes when it goes well, and the plainest mishaps.
 */
class StoriesTest {
    @Test
    void threeReplicasTakeABatch() {
        Scene scene = Scene.withMinInsyncReplicas(2);
        scene.chapter("gateway 1 takes the partition over for the first time").takeOver(0);
        scene.chapter("a batch at acks=all");
        Scene.Sent sent = scene.write(0, scene.plain(Acks.ALL));
        ProduceOutcome.Written written = (ProduceOutcome.Written) sent.outcome();
        assertEquals(0, written.baseOffset());
        assertEquals(3, written.replicas().size());
        scene.run(20);
        assertEquals(1, scene.committedEnd());
        Golden.assertTold("three-replicas-take-a-batch", scene.untilEverywhere());
    }

    @Test
    void acksOneIsAnsweredBeforeTheOthersHaveIt() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0).cut(0, 2).cut(0, 3);
        scene.chapter("a batch at acks=1, which only the leader gets");
        Scene.Sent one = scene.write(0, scene.plain(Acks.LEADER));
        assertEquals(0, scene.committedEnd(), () -> scene.told(20));
        assertTrue(one.isWritten());
        scene.chapter("a batch at acks=0 ends when it is queued");
        assertTrue(
                scene.send(0, scene.plain(Acks.NONE)).outcome() instanceof ProduceOutcome.Accepted);
        scene.mend(0, 2).mend(0, 3).untilEverywhere();
        assertEquals(2, scene.committedEnd());
        Golden.assertTold("acks-one-is-answered-before-the-others-have-it", scene);
    }

    @Test
    void theLeaderReplicaDiesAndItsOwnerLives() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.chapter("node-1, which leads, is killed; a batch is sent meanwhile").kill(1);
        Scene.Sent sent = scene.send(0, scene.plain(Acks.ALL));
        scene.until("the batch is answered", sent::isAnswered);
        assertTrue(sent.isWritten(), () -> scene.told(30));
        assertEquals(1, scene.stored().leaderEpoch(), "the epoch goes on");
        scene.chapter("it comes back").start(1).untilIsr(1, 2, 3).untilEverywhere();
        Golden.assertTold("the-leader-replica-dies-and-its-owner-lives", scene);
    }

    @Test
    void theIsrShrinksBelowItsMinimum() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.chapter("two of three replicas are gone").cut(0, 2).cut(0, 3);
        Scene.Sent caught = scene.send(0, scene.plain(Acks.ALL));
        scene.untilIsr(1);
        scene.until("the batch under way is answered", caught::isAnswered);
        assertTrue(
                caught.failedWith(
                        ProduceError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                        WriteStatus.MAY_HAVE_BEEN_WRITTEN),
                () -> "ended as " + caught.outcome());
        Scene.Sent refused = scene.send(0, scene.plain(Acks.ALL));
        assertTrue(refused.failedWith(ProduceError.NOT_ENOUGH_REPLICAS, WriteStatus.NOT_WRITTEN));
        assertTrue(scene.write(0, scene.plain(Acks.LEADER)).isWritten(), "acks=1 is served");
        assertEquals(1, scene.committedEnd(), "nothing is committed meanwhile");
        scene.chapter("they come back").mend(0, 2).mend(0, 3).untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(3, scene.committedEnd());
        Golden.assertTold("the-isr-shrinks-below-its-minimum", scene);
    }

    @Test
    void aReplicaIsAdmittedAgain() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.cut(0, 3).untilIsr(1, 2);
        scene.chapter("batches that node-3 misses");
        scene.write(0, scene.plain(Acks.ALL));
        scene.write(0, scene.plain(Acks.ALL));
        scene.chapter("it comes back and catches up").mend(0, 3).untilIsr(1, 2, 3);
        assertEquals(2, scene.logEnd(3));
        Golden.assertTold("a-replica-is-admitted-again", scene.untilEverywhere());
    }

    @Test
    void aTakeoverWithAZombie() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.chapter("gateway 1 stands still, past its lease");
        scene.gateway(0).pause();
        Scene.Sent late = scene.send(0, scene.plain(Acks.ALL));
        scene.chapter("gateway 2 takes over").takeOver(1);
        scene.write(1, scene.plain(Acks.ALL));
        scene.chapter("gateway 1 wakes up and believes that it still owns the partition");
        scene.gateway(0).resume();
        scene.until("the zombie's batch is answered", late::isAnswered);
        assertTrue(
                late.failedWith(
                                ProduceError.NOT_LEADER_OR_FOLLOWER,
                                WriteStatus.MAY_HAVE_BEEN_WRITTEN)
                        || late.failedWith(
                                ProduceError.NOT_LEADER_OR_FOLLOWER, WriteStatus.NOT_WRITTEN),
                () -> "ended as " + late.outcome());
        scene.untilEverywhere();
        assertEquals(2, scene.committedEnd(), "nothing of the zombie's");
        Golden.assertTold("a-takeover-with-a-zombie", scene);
    }

    @Test
    void aRetryOfAnUnknownIsOneRecord() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        Batch batch = scene.idempotent(7, 0);
        scene.chapter("the batch is written, but its owner dies before it can say so");
        Scene.Sent lost = scene.send(0, batch);
        scene.until("two replicas have it", () -> scene.logEnd(1) == 1 && scene.logEnd(2) == 1);
        scene.restartGateway(0).takeOver(1);
        assertFalse(lost.isAnswered(), "its owner is gone");
        scene.chapter("the retry goes to the new owner");
        ProduceOutcome.Written retried = (ProduceOutcome.Written) scene.write(1, batch).outcome();
        assertTrue(retried.duplicate());
        assertEquals(0, retried.baseOffset());
        scene.untilEverywhere();
        assertEquals(1, scene.committedEnd());
        Golden.assertTold("a-retry-of-an-unknown-is-one-record", scene);
    }

    @Test
    void allMachinesLosePowerAtOnce() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.write(0, scene.idempotent(7, 0));
        scene.chapter("the power goes everywhere; nothing that was not synced survives");
        scene.losePower(1, 0).losePower(2, 0).losePower(3, 0);
        scene.restartGateway(0).run(10).start(1).start(2).start(3).run(20).takeOver(0);
        scene.untilEverywhere();
        assertEquals(2, scene.committedEnd());
        assertTrue(scene.write(0, scene.idempotent(7, 1)).isWritten(), "the producer is known");
        Golden.assertTold("all-machines-lose-power-at-once", scene);
    }

    @Test
    void aFollowerTakesACatchUpFromTheLeadersDisk() {
        Scene scene = Scene.withMinInsyncReplicas(1).takeOver(0);
        scene.cut(0, 3).untilIsr(1, 2);
        scene.write(0, scene.plain(Acks.ALL));
        scene.run(10)
                .chapter("a new owner has nothing of it in memory")
                .takeOver(1)
                .untilEverywhere();
        Golden.assertTold("a-follower-takes-a-catch-up-from-the-leaders-disk", scene);
    }

    @Test
    void aFullDiskRefusesAndRecovers() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        scene.chapter("the disk of node-3 is full");
        scene.node(3).disk().setFull(true);
        Scene.Sent first = scene.send(0, scene.plain(Acks.ALL));
        scene.untilIsr(1, 2);
        scene.until("the first batch is answered", first::isAnswered);
        for (int i = 0; i < 3; i++) {
            scene.write(0, scene.plain(Acks.ALL));
        }
        scene.chapter("there is space again");
        scene.node(3).disk().setFull(false);
        scene.untilIsr(1, 2, 3).untilEverywhere();
        assertEquals(4, scene.committedEnd());
        Golden.assertTold("a-full-disk-refuses-and-recovers", scene);
    }
}
