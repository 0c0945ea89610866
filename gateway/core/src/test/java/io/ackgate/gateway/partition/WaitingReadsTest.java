package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.reads.AskedReads;
import io.ackgate.gateway.partition.reads.Reads;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads that wait take no place from those that need not, and leave theirs when told to. */
class WaitingReadsTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private List<Long> longPolls(int count, long offset) {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(owner.fetch(offset, 1 << 20, 1));
        }
        return tokens;
    }

    private NodeId leader() {
        return cluster.state.leader().orElseThrow();
    }

    @Test
    void cancelled_long_polls_leave_their_places_at_once() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        List<Long> polls = longPolls(Reads.MAX_WAITING, 1);
        assertEquals(Reads.MAX_WAITING, owner.partition.waitingReads());

        polls.forEach(token -> owner.step(new PartitionInput.Cancel(token)));
        assertEquals(0, owner.partition.waitingReads());
        long next = owner.fetch(1);
        long withData = owner.fetch(0);
        cluster.settle();
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(withData));
        assertNull(owner.replies.get(next), "there is a place for one that waits");
        cluster.run(12_000);
        polls.forEach(token -> assertNull(owner.replies.get(token), "nobody waits for it"));
    }

    @Test
    void whoever_finds_records_is_served_however_many_wait() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        List<Long> polls = longPolls(Reads.MAX_WAITING, 1);
        long refused = owner.fetch(1);
        assertTrue(
                assertInstanceOf(FetchOutcome.Throttled.class, owner.replies.get(refused))
                        .detail()
                        .contains("10000 reads of"));
        long withData = owner.fetch(0);
        cluster.settle();
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(withData));
        assertNull(owner.replies.get(polls.getFirst()));

        owner.produce(Acks.ALL, "y");
        cluster.settle();
        polls.forEach(
                token -> assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(token)));
        assertEquals(0, owner.partition.waitingReads());
    }

    @Test
    void reads_that_the_leader_was_asked_for_are_bounded() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        List<Long> asked = longPolls(AskedReads.MAX, 0);
        long refused = owner.fetch(0);
        assertInstanceOf(FetchOutcome.Throttled.class, owner.replies.get(refused));
        asked.forEach(token -> owner.step(new PartitionInput.Cancel(token)));
        long served = owner.fetch(0);
        cluster.settle();
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(served));
        asked.forEach(token -> assertNull(owner.replies.get(token)));
    }

    @Test
    void a_timestamp_whose_record_is_not_committed_has_no_position() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        owner.produce(Acks.ALL, "y");
        cluster.replica(leader()).foundOffset = 1;
        long early = owner.find(PartitionInput.Position.TIMESTAMP);
        owner.deliver(leader());
        owner.deliver(leader());
        owner.receive(leader());
        assertEquals(
                new FetchOutcome.Position(-1, -1, 1),
                owner.replies.get(early),
                "the leader has it, the others do not");
        cluster.settle();
        long late = owner.find(PartitionInput.Position.TIMESTAMP);
        cluster.settle();
        assertEquals(new FetchOutcome.Position(1, 1_000, 1), owner.replies.get(late));
    }

    @Test
    void a_leader_whose_log_is_rotten_is_replaced() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId rotten = leader();
        cluster.replica(rotten).rotten = true;
        long token = owner.fetch(0);
        cluster.settle();
        assertTrue(
                assertInstanceOf(FetchOutcome.Unavailable.class, owner.replies.get(token))
                        .detail()
                        .contains("corrupt"));
        cluster.run(100);
        assertTrue(
                owner.events(PartitionEvent.ReplicaLost.class).stream()
                        .anyMatch(lost -> lost.node().equals(rotten)));
        assertTrue(!leader().equals(rotten), "another one leads");
        long again = owner.fetch(0);
        cluster.settle();
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(again));
    }
}
