package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long a takeover goes on to whose fence one replica of three answers, two are wanted, and the
 * metadata store is slow.
 */
class TakeoverTimeTest {
    private static final long MILLIS = 1_000_000;
    private static final long LAST_RESORT = 3_000;

    /** What ackgate.partitions.takeover-timeout is at the least. */
    private static final long TIMEOUT = 5_000;

    /** How long a compare-and-set may take. */
    private static final long CAS = TIMEOUT - LAST_RESORT;

    private Cluster cluster = cluster(LAST_RESORT, TIMEOUT);

    private static Cluster cluster(long lastResort, long timeout) {
        PartitionSettings of = PartitionSettings.DEFAULTS;
        return new Cluster(
                3,
                new PartitionSettings(
                        2,
                        of.replica(),
                        of.lagMaxNanos(),
                        of.disconnectGraceNanos(),
                        of.fencePatienceNanos(),
                        lastResort * MILLIS,
                        timeout * MILLIS,
                        of.casRetryNanos(),
                        of.maxPendingBytes(),
                        of.maxInFlightBytes(),
                        of.maxReadBytes(),
                        of.maxFetchBytes()));
    }

    /** A gateway that reaches one replica, and whose changes are stored when the test says so. */
    private Cluster.Gateway taker() {
        cluster.owner().step(new PartitionInput.Resign("test"));
        Cluster.Gateway taker = cluster.gateway();
        taker.disconnect(new NodeId(2));
        taker.disconnect(new NodeId(3));
        taker.cutOffFromMetadata = true;
        taker.takeOver();
        return taker;
    }

    private void stores(Cluster.Gateway taker) {
        taker.cutOffFromMetadata = false;
        taker.store();
        taker.cutOffFromMetadata = true;
        cluster.settle();
    }

    private static void isAt(PartitionStatus.Phase phase, Cluster.Gateway taker) {
        assertEquals(List.of(), taker.events(PartitionEvent.TakeoverFailed.class));
        assertEquals(phase, taker.partition.status().phase());
    }

    /** The claim is stored so late, and the last resort passes. */
    private Cluster.Gateway publishes(long claimMillis) {
        Cluster.Gateway taker = taker();
        cluster.run(claimMillis);
        isAt(PartitionStatus.Phase.CLAIMING, taker);
        stores(taker);
        cluster.run(LAST_RESORT - 10);
        isAt(PartitionStatus.Phase.FENCING, taker);
        cluster.run(10);
        isAt(PartitionStatus.Phase.PUBLISHING, taker);
        return taker;
    }

    @Test
    void who_may_lead_at_the_end_of_a_takeover_is_elected() {
        // Both the last resort and the whole time are over when the tick at 3010 ms comes.
        cluster = cluster(3_001, 3_009);
        Cluster.Gateway taker = taker();
        stores(taker);
        cluster.run(3_000);
        isAt(PartitionStatus.Phase.FENCING, taker);
        cluster.run(10);
        stores(taker);
        isAt(PartitionStatus.Phase.SERVING, taker);
    }

    @Test
    void two_slow_changes_do_not_end_a_takeover() {
        Cluster.Gateway taker = publishes(1_500);
        cluster.run(1_500);
        stores(taker);
        isAt(PartitionStatus.Phase.SERVING, taker);
    }

    @Test
    void a_claim_that_has_to_be_sent_twice_takes_nothing_from_the_last_resort() {
        Cluster.Gateway taker = publishes(CAS + 200);
        stores(taker);
        isAt(PartitionStatus.Phase.SERVING, taker);
    }

    @Test
    void a_publication_that_is_under_way_at_the_end_is_waited_for() {
        Cluster.Gateway taker = publishes(CAS);
        cluster.run(CAS);
        stores(taker);
        isAt(PartitionStatus.Phase.SERVING, taker);
    }

    /** The log gets its new name when the publication is stored, at the end of the time. */
    @Test
    void who_was_elected_uncleanly_has_time_to_take_its_new_name() {
        Cluster.Gateway taker = taker();
        ModelReplica left = cluster.replica(new NodeId(1));
        left.incarnation = Incarnation.NONE;
        stores(taker);
        taker.step(new PartitionInput.ElectUnclean(Mandate.LONGEST));
        cluster.run(LAST_RESORT);
        isAt(PartitionStatus.Phase.PUBLISHING, taker);
        cluster.run(CAS);
        taker.cutOffFromMetadata = false;
        taker.store();
        cluster.pass(20);
        cluster.settle();
        isAt(PartitionStatus.Phase.SERVING, taker);
        assertEquals(1, cluster.state.uncleanElections());
    }

    private static void failed(Cluster.Gateway taker) {
        PartitionEvent.TakeoverFailed failed =
                taker.events(PartitionEvent.TakeoverFailed.class).getFirst();
        assertEquals("the metadata store did not answer", failed.reason());
        assertEquals(PartitionStatus.Phase.IDLE, taker.partition.status().phase());
    }

    @Test
    void a_publication_that_was_not_answered_by_the_end_is_given_up() {
        Cluster.Gateway taker = publishes(0);
        cluster.run(CAS);
        taker.step(new PartitionInput.CasUnknown(taker.changes.getFirst().attempt()));
        cluster.run(10);
        failed(taker);
    }

    @Test
    void a_claim_that_was_not_answered_by_the_end_is_given_up() {
        Cluster.Gateway taker = taker();
        cluster.run(TIMEOUT);
        isAt(PartitionStatus.Phase.CLAIMING, taker);
        taker.step(new PartitionInput.CasUnknown(taker.changes.getFirst().attempt()));
        cluster.run(10);
        failed(taker);
    }
}
