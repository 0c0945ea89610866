package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** What consumers see: committed records, and nothing else. */
class ReadsTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private FetchOutcome.Fetched fetched(long token) {
        return assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(token));
    }

    @Test
    void a_fetch_waits_for_the_next_committed_batch() {
        long token = owner.fetch(0);
        owner.produce(Acks.ALL, "x");
        NodeId leader = cluster.state.leader().orElseThrow();
        owner.deliver(leader);
        owner.sync(leader);
        owner.receive(leader);
        assertNull(owner.replies.get(token), "the leader alone has it");
        cluster.settle();
        assertEquals(1, fetched(token).highWatermark());
        assertEquals(true, fetched(token).frames().hasRemaining());
    }

    @Test
    void a_fetch_ends_empty_when_nothing_comes() {
        long token = owner.fetch(0);
        cluster.run(200);
        assertEquals(false, fetched(token).frames().hasRemaining());
    }

    @Test
    void beyond_the_end_is_out_of_range() {
        long token = owner.fetch(1);
        assertInstanceOf(FetchOutcome.OutOfRange.class, owner.replies.get(token));
    }

    @Test
    void a_fetch_is_served_by_the_next_leader_when_the_first_dies() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        long token = owner.fetch(0);
        owner.disconnect(cluster.state.leader().orElseThrow());
        cluster.pass(50);
        assertNull(owner.replies.get(token));
        cluster.run(400);
        assertInstanceOf(FetchOutcome.Unavailable.class, owner.replies.get(token));
        long again = owner.fetch(0);
        cluster.settle();
        assertEquals(true, fetched(again).frames().hasRemaining());
    }

    @Test
    void a_leader_that_cannot_read_keeps_its_log_and_is_asked_again() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        cluster.replica(leader).unreadable = true;
        long token = owner.fetch(0);
        cluster.run(200);
        assertInstanceOf(
                FetchOutcome.Unavailable.class,
                owner.replies.get(token),
                "an empty answer would say that there is nothing");
        assertEquals(leader, cluster.state.leader().orElseThrow());
        long again = owner.fetch(0);
        cluster.pass(10);
        cluster.replica(leader).unreadable = false;
        cluster.settle();
        cluster.run(50);
        assertEquals(true, fetched(again).frames().hasRemaining());
        assertEquals(3, cluster.state.isr().size(), "nobody was judged for it");
    }

    @Test
    void acks_none_is_answered_at_once_and_written() {
        long token = owner.produce(Acks.NONE, "x");
        assertInstanceOf(ProduceOutcome.Accepted.class, owner.outcome(token));
        cluster.settle();
        assertEquals(1, owner.partition.status().highWatermark());
    }

    @Test
    void a_tracked_produce_tells_every_step() {
        long token = owner.produce(Acks.ALL, Cluster.batch("x"), true);
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
        assertInstanceOf(ProduceStep.Queued.class, owner.steps.get(0));
        assertEquals(
                3, owner.steps.stream().filter(ProduceStep.Persisted.class::isInstance).count());
        assertInstanceOf(ProduceStep.Committed.class, owner.steps.get(owner.steps.size() - 1));
        NodeId leader = cluster.state.leader().orElseThrow();
        for (NodeId node : cluster.nodes) {
            assertTrue(
                    owner.steps.contains(new ProduceStep.Persisted(node, node.equals(leader))),
                    owner.steps.toString());
        }
    }

    private long committedSteps() {
        return owner.steps.stream().filter(ProduceStep.Committed.class::isInstance).count();
    }

    @Test
    void a_tracked_produce_is_told_once_that_it_is_committed() {
        owner.produce(Acks.ALL, Cluster.batch("x"), true);
        cluster.settle();
        owner.produce(Acks.ALL, "y");
        cluster.settle();
        assertEquals(2, owner.partition.status().highWatermark());
        assertEquals(1, committedSteps());
    }

    @Test
    void the_earliest_position_is_where_retention_has_left_the_log() {
        owner.produce(Acks.ALL, "x");
        owner.produce(Acks.ALL, "y");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        long whole = owner.find(PartitionInput.Position.EARLIEST);
        cluster.settle();
        assertEquals(new FetchOutcome.Position(0, -1, 1), owner.replies.get(whole));
        cluster.replica(leader).logStart = 1;
        long cut = owner.find(PartitionInput.Position.EARLIEST);
        cluster.settle();
        assertEquals(new FetchOutcome.Position(1, -1, 1), owner.replies.get(cut));
    }

    /** The stream to a node has ended on its side, which the owner has not been told. */
    private void losesItsStream(NodeId node, boolean lost) {
        cluster.replica(node).reconciled = !lost;
    }

    @Test
    void a_leader_that_is_not_available_is_asked_again_for_the_earliest_position() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        losesItsStream(leader, true);
        cluster.replica(leader).logStart = 1;
        long token = owner.find(PartitionInput.Position.EARLIEST);
        cluster.settle();
        assertNull(owner.replies.get(token), "what was known before may be wrong by now");
        losesItsStream(leader, false);
        cluster.run(30);
        assertEquals(new FetchOutcome.Position(1, -1, 1), owner.replies.get(token));
    }

    @Test
    void and_for_records_and_timestamps() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        losesItsStream(leader, true);
        cluster.replica(leader).foundOffset = 0;
        long records = owner.fetch(0);
        long byTime = owner.find(PartitionInput.Position.TIMESTAMP);
        cluster.settle();
        assertNull(owner.replies.get(records));
        assertNull(owner.replies.get(byTime));
        losesItsStream(leader, false);
        cluster.run(30);
        assertEquals(true, fetched(records).frames().hasRemaining());
        assertEquals(new FetchOutcome.Position(0, 1_000, 1), owner.replies.get(byTime));
    }

    @Test
    void positions_wait_for_a_leader_whose_stream_is_gone() {
        owner.produce(Acks.ALL, "x");
        cluster.settle();
        NodeId leader = cluster.state.leader().orElseThrow();
        cluster.replica(leader).foundOffset = 0;
        owner.disconnect(leader);
        long earliest = owner.find(PartitionInput.Position.EARLIEST);
        long byTime = owner.find(PartitionInput.Position.TIMESTAMP);
        assertFalse(owner.deliver(leader), "nothing can be asked");
        owner.connect(leader);
        cluster.settle();
        assertEquals(new FetchOutcome.Position(0, -1, 1), owner.replies.get(earliest));
        assertEquals(new FetchOutcome.Position(0, 1_000, 1), owner.replies.get(byTime));
    }
}
