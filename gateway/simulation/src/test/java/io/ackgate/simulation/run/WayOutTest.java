package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionStatus;
import org.junit.jupiter.api.Test;

/**
 * Every machine of a topic without fsync loses its power at once, so that no replica may answer for
 * what it acknowledged: whoever holds most leads when the topic or an operator allows it.
 */
class WayOutTest {
    private static Scene powerGoes(Scene scene, double survival) {
        scene.takeOver(0);
        for (int i = 0; i < 3; i++) {
            scene.write(0, scene.plain(Acks.ALL));
        }
        scene.run(30).chapter("the power goes everywhere, the gateway's included");
        scene.losePower(1, survival).losePower(2, survival).losePower(3, survival);
        return scene.restartGateway(0).run(10).start(1).start(2).start(3).run(20);
    }

    private static void assertAllThere(Scene scene) {
        scene.until(
                "all replicas are in sync",
                () -> scene.isr().size() == 3 && scene.logEnd(3) == scene.logEnd(1));
        for (int node = 1; node <= 3; node++) {
            assertEquals(3, scene.logEnd(node));
        }
        assertTrue(scene.write(0, scene.plain(Acks.ALL)).isWritten());
    }

    @Test
    void itComesBackByItselfWithEverythingThatIsThere() {
        Scene scene = powerGoes(Scene.inPageCacheComingBackByItself(2), 1);
        scene.takeOver(0);
        assertAllThere(scene);
        assertEquals(1, scene.stored().uncleanElections());
        Golden.assertTold("power-goes-everywhere-without-fsync", scene);
    }

    @Test
    void itComesBackByHandWithEverythingThatIsThere() {
        Scene scene = powerGoes(Scene.inPageCache(2), 1).beginTakeOver(0);
        scene.until("it is offline", () -> scene.isTold("cause=OFFLINE"));
        PartitionStatus status = scene.gateway(0).status(Scene.PARTITION);
        assertEquals(PartitionStatus.Phase.IDLE, status.phase());
        assertEquals(3, status.answers().size());
        assertTrue(status.answers().stream().allMatch(answer -> answer.logEnd() == 3));
        scene.chapter("an operator lets whoever holds most lead").electUnclean(0, Mandate.LONGEST);
        scene.untilServing(0);
        assertAllThere(scene);
        assertEquals(1, scene.stored().uncleanElections());
        assertEquals(3, scene.stored().lastUncleanEpoch());
        Golden.assertTold("an-operator-brings-a-partition-back", scene);
    }

    @Test
    void whatNoReplicaKeptIsGoneAndTheRestGoesOn() {
        Scene scene = powerGoes(Scene.inPageCacheComingBackByItself(2), 0);
        scene.takeOver(0);
        scene.until(
                "all replicas are in sync",
                () -> scene.isr().size() == 3 && scene.logEnd(3) == scene.logEnd(1));
        assertEquals(1, scene.stored().uncleanElections());
        assertTrue(scene.write(0, scene.plain(Acks.ALL)).isWritten());
    }

    @Test
    void itWaitsForTheLastReplicaThatMayHoldMost() {
        Scene scene = Scene.inPageCacheComingBackByItself(2).takeOver(0);
        scene.write(0, scene.plain(Acks.ALL));
        scene.run(30);
        scene.losePower(1, 0).losePower(2, 0).losePower(3, 1);
        scene.restartGateway(0).run(10).start(1).start(2).run(20).beginTakeOver(0);
        scene.until("it is offline", () -> scene.isTold("cause=OFFLINE"));
        assertEquals(0, scene.stored().uncleanElections());
        scene.start(3).run(20).takeOver(0);
        assertEquals(3, scene.stored().leader().orElseThrow().value());
        scene.until(
                "the others have it as well", () -> scene.logEnd(1) == 1 && scene.logEnd(2) == 1);
    }

    @Test
    void allDisksAreReplacedAndAnOperatorGivesAllRecordsUp() {
        Scene scene = Scene.withMinInsyncReplicas(2).takeOver(0);
        for (int i = 0; i < 3; i++) {
            scene.write(0, scene.plain(Acks.ALL));
        }
        scene.run(30).chapter("every disk is replaced, and the gateway starts again");
        scene.kill(1).kill(2).kill(3).wipe(1).wipe(2).wipe(3);
        scene.restartGateway(0).run(10).start(1).start(2).start(3).run(20).beginTakeOver(0);
        scene.until("it is offline", () -> scene.isTold("cause=OFFLINE"));
        assertTrue(
                scene.gateway(0).status(Scene.PARTITION).answers().stream()
                        .allMatch(each -> each.answer() == PartitionStatus.Answer.MISSING));
        scene.chapter("an operator gives all records up");
        scene.electUnclean(0, new Mandate(null, true)).untilServing(0);
        scene.until("all replicas are in sync", () -> scene.isr().size() == 3);
        assertEquals(1, scene.stored().uncleanElections());
        assertEquals(3, scene.stored().lastEmptiedEpoch());
        assertTrue(scene.write(0, scene.plain(Acks.ALL)).isWritten());
        Golden.assertTold("an-operator-gives-all-records-up", scene);
    }
}
