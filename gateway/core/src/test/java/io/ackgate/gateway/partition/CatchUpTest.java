package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that is far behind: each read ends when it holds the records, or will not. */
class CatchUpTest {
    private final NodeId one = new NodeId(1);
    private final NodeId three = new NodeId(3);
    private final Cluster cluster = new Cluster(3, 1);
    private Cluster.Gateway owner;

    /** Node three lacks ten batches, which are being read from the leader's disk. */
    @BeforeEach
    void farBehind() {
        owner = cluster.owner();
        owner.disconnect(three);
        cluster.run(400);
        for (int i = 0; i < 10; i++) {
            owner.produce(Acks.ALL, "x" + i);
        }
        cluster.settle();
        owner.connect(three);
        while (owner.deliver(three) || owner.receive(three)) {}
        assertInstanceOf(StorageRequest.Read.class, Cluster.lastRequest(owner, one));
        assertTrue(owner.turns.containsKey(three));
    }

    private void leaderAnswers() {
        while (owner.deliver(one) || owner.receive(one)) {}
    }

    @Test
    void a_read_ends_when_the_replica_holds_its_records() {
        leaderAnswers();
        while (owner.deliver(three)) {}
        assertTrue(owner.turns.containsKey(three), "written, and not yet durable");
        owner.sync(three);
        while (owner.receive(three)) {}
        assertFalse(owner.turns.containsKey(three));
        cluster.settle();
        assertEquals(10, cluster.replica(three).frames.size());
    }

    @Test
    void a_read_ends_with_the_stream_of_its_replica() {
        leaderAnswers();
        owner.disconnect(three);
        assertFalse(owner.turns.containsKey(three));
    }

    @Test
    void a_read_ends_with_the_stream_of_the_leader() {
        owner.disconnect(one);
        assertFalse(owner.turns.containsKey(three));
    }

    @Test
    void a_replica_that_is_far_behind_keeps_nothing_in_memory() {
        PartitionSettings of = PartitionSettings.DEFAULTS.withMaxReadBytes(300);
        Cluster behind = new Cluster(3, of);
        owner = behind.owner();
        owner.disconnect(three);
        behind.run(400);
        for (int i = 0; i < 20; i++) {
            owner.produce(Acks.ALL, "x" + i);
        }
        behind.settle();
        owner.connect(three);
        while (owner.deliver(three) || owner.receive(three)) {}
        // The read waits for its turn, and ends long before what is written meanwhile.
        var toLeader = Objects.requireNonNull(owner.outbox.get(one));
        PartitionEffect.Send read = toLeader.removeLast();
        assertInstanceOf(StorageRequest.Read.class, read.request());
        for (int i = 0; i < 5; i++) {
            long token = owner.produce(Acks.ALL, "y" + i);
            behind.settle();
            assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        }
        assertEquals(0, owner.partition.status().pendingBytes());
        toLeader.add(read);
        behind.settle();
        assertEquals(25, behind.replica(three).frames.size());
    }

    @Test
    void a_read_ends_with_its_owner() {
        leaderAnswers();
        owner.step(new PartitionInput.Resign("test"));
        assertFalse(owner.turns.containsKey(three));
    }

    private int readsAskedIn(long millis) {
        int before = cluster.replica(one).reads.size();
        for (long passed = 0; passed < millis; passed += 100) {
            owner.produce(Acks.LEADER, "y");
            cluster.run(100);
        }
        return cluster.replica(one).reads.size() - before;
    }

    /** One leads alone: nobody else can be asked. */
    private void oneIsAlone() {
        owner.disconnect(new NodeId(2));
        cluster.pass(400);
        while (owner.store()) {}
        assertEquals(1, cluster.state.isr().size());
    }

    private void assertCatchesUpLater() {
        cluster.run(6_000);
        assertTrue(cluster.replica(three).frames.size() >= 10);
    }

    @Test
    void what_is_rotten_is_asked_for_again_with_pauses() {
        oneIsAlone();
        cluster.replica(one).rotten = true;
        int reads = readsAskedIn(10_000);
        assertTrue(reads >= 2 && reads <= 15, reads + " reads");
        cluster.replica(one).rotten = false;
        assertCatchesUpLater();
    }

    @Test
    void what_the_disk_does_not_give_is_asked_for_again_with_pauses() {
        oneIsAlone();
        cluster.replica(one).unreadable = true;
        int reads = readsAskedIn(10_000);
        assertTrue(reads >= 2 && reads <= 15, reads + " reads");
        cluster.replica(one).unreadable = false;
        assertCatchesUpLater();
    }

    @Test
    void another_leader_is_asked_without_a_pause() {
        cluster.replica(one).unreadable = true;
        for (int i = 0; i < 200 && cluster.state.leader().orElseThrow().equals(one); i++) {
            cluster.pass(10);
            cluster.settle();
        }
        assertEquals(new NodeId(2), cluster.state.leader().orElseThrow());
        cluster.pass(10);
        cluster.settle();
        assertEquals(10, cluster.replica(three).frames.size());
    }

    private void leaderAnswers(StorageAnswer.ReadStatus status, long logStart, ByteBuffer frames) {
        var read = (StorageRequest.Read) Cluster.lastRequest(owner, one);
        Objects.requireNonNull(owner.outbox.get(one)).removeLast();
        owner.hears(
                one,
                new StorageAnswer.Records(
                        Cluster.ID, 1, read.requestId(), status, frames, logStart, 10));
    }

    @Test
    void what_belongs_to_another_partition_is_given_to_nobody() {
        ByteBuffer foreign = Cluster.batch("x");
        BatchFrame.stampInPlace(foreign, 1, 2, 7, 0, 1, 1_000);
        leaderAnswers(StorageAnswer.ReadStatus.OK, 0, foreign);
        owner.deliver(three);
        assertEquals(0, cluster.replica(three).frames.size());
        cluster.run(1_000);
        assertEquals(10, cluster.replica(three).frames.size());
        assertTrue(
                cluster.replica(three).frames.stream()
                        .allMatch(f -> BatchFrame.partition(f, 0) == 0));
    }

    @Test
    void a_replica_that_retention_has_passed_by_starts_again() {
        leaderAnswers(StorageAnswer.ReadStatus.OUT_OF_RANGE, 4, ByteBuffer.allocate(0));
        assertFalse(owner.turns.containsKey(three));
        assertFalse(
                Objects.requireNonNull(owner.outbox.get(one)).stream()
                        .anyMatch(s -> s.request() instanceof StorageRequest.Read));
        cluster.pass(500);
        assertInstanceOf(StorageRequest.Fence.class, Cluster.lastRequest(owner, three));
    }

    @Test
    void what_the_leader_calls_corrupt_is_known_as_damage_of_its_log() {
        leaderAnswers(StorageAnswer.ReadStatus.CORRUPT, 0, ByteBuffer.allocate(0));
        assertEquals(
                List.of(one),
                owner.events(PartitionEvent.ReplicaDamaged.class).stream()
                        .map(PartitionEvent.ReplicaDamaged::node)
                        .toList());
    }
}
