package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.reads.Reads;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.NodeId;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much one fetch is given, and how long it waits for that. */
class FetchBoundsTest {
    private static final int FRAME = Cluster.batch("value-0").remaining();
    private static final int CAP = 4 * FRAME;

    private final Cluster cluster =
            new Cluster(
                    3, PartitionSettings.DEFAULTS.withMinInsyncReplicas(2).withMaxFetchBytes(CAP));
    private final Cluster.Gateway owner = cluster.owner();

    @BeforeEach
    void write() {
        write(10);
    }

    private void write(int batches) {
        for (int i = 0; i < batches; i++) {
            owner.produce(Acks.ALL, "value-0");
            cluster.settle();
        }
    }

    private ModelReplica leader() {
        return cluster.replica(cluster.state.leader().orElseThrow());
    }

    private ByteBuffer frames(long token) {
        return assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(token)).frames();
    }

    @Test
    void what_is_asked_for_is_capped_by_the_owner() {
        long token = owner.fetch(0, 64 << 20, 1);
        cluster.settle();
        assertEquals(CAP, frames(token).remaining());
        assertEquals(CAP, leader().reads.getLast().maxBytes());
    }

    @Test
    void a_batch_larger_than_the_cap_is_given_whole() {
        owner.produce(Acks.ALL, "x".repeat(2 * CAP));
        cluster.settle();
        long token = owner.fetch(10, 64 << 20, 1);
        cluster.settle();
        assertTrue(frames(token).remaining() > 2 * CAP);
        assertEquals(10, BatchFrame.lastOffset(frames(token), 0));
    }

    @Test
    void min_bytes_above_max_bytes_is_answered_at_once() {
        long token = owner.fetch(0, FRAME, 3 * FRAME);
        cluster.settle();
        assertEquals(FRAME, frames(token).remaining());
    }

    @Test
    void at_the_end_nobody_waits_for_more_than_max_bytes_or_the_cap() {
        long byMaxBytes = owner.fetch(10, FRAME, 3 * FRAME);
        long byTheCap = owner.fetch(10, 64 << 20, 64 << 20);
        cluster.settle();
        assertNull(owner.replies.get(byMaxBytes));
        write(1);
        assertEquals(FRAME, frames(byMaxBytes).remaining());
        assertNull(owner.replies.get(byTheCap));
        write(3);
        assertEquals(CAP, frames(byTheCap).remaining());
    }

    @Test
    void min_bytes_above_the_cap_is_answered_at_once() {
        long token = owner.fetch(0, 64 << 20, 64 << 20);
        cluster.settle();
        assertEquals(CAP, frames(token).remaining());
    }

    @Test
    void the_end_of_a_segment_counts_as_enough() {
        leader().segmentRecords = 2;
        for (int offset = 0; offset < 10; offset++) {
            long token = owner.fetch(offset, 64 << 20, 3 * FRAME);
            cluster.settle();
            if (offset < 8) {
                assertEquals((2 - offset % 2) * FRAME, frames(token).remaining());
            } else {
                assertNull(owner.replies.get(token), "the last segment may still grow");
            }
        }
    }

    @Test
    void a_rising_high_watermark_is_no_reason_to_read_the_same_again() {
        long token = owner.fetch(8, 64 << 20, 4 * FRAME);
        cluster.settle();
        assertEquals(1, leader().reads.size());
        write(1);
        assertNull(owner.replies.get(token));
        assertEquals(1, leader().reads.size(), "it is known that there is not enough");
        write(1);
        assertEquals(4 * FRAME, frames(token).remaining());
        assertEquals(2, leader().reads.size());
    }

    @Test
    void a_fetch_at_the_end_is_read_once_when_there_is_enough() {
        long token = owner.fetch(10, 64 << 20, 3 * FRAME);
        write(2);
        assertNull(owner.replies.get(token));
        assertEquals(0, leader().reads.size());
        write(1);
        assertEquals(3 * FRAME, frames(token).remaining());
        assertEquals(1, leader().reads.size());
    }

    /** How many bytes were committed before its epoch, the next owner does not know. */
    @Test
    void what_the_owner_before_has_committed_is_read_once_as_well() {
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway next = cluster.owner();
        NodeId leader = cluster.state.leader().orElseThrow();
        long token = next.fetch(8, 64 << 20, 4 * FRAME);
        assertTrue(next.deliver(leader), "the read");
        assertTrue(next.receive(leader));
        assertFalse(next.deliver(leader), "it is known that there is not enough");
        next.produce(Acks.ALL, "value-0");
        cluster.settle();
        assertNull(next.replies.get(token));
        int before = leader().reads.size();
        next.produce(Acks.ALL, "value-0");
        cluster.settle();
        assertEquals(
                4 * FRAME,
                assertInstanceOf(FetchOutcome.Fetched.class, next.replies.get(token))
                        .frames()
                        .remaining());
        assertEquals(before + 1, leader().reads.size());
    }

    @Test
    void what_the_owner_before_has_committed_counts_once_that_is_known() {
        owner.step(new PartitionInput.Resign("test"));
        cluster.nodes.forEach(node -> cluster.replica(node).highWatermark = 8);
        Cluster.Gateway next = cluster.gateway();
        next.disconnect(new NodeId(2));
        next.disconnect(new NodeId(3));
        next.takeOver();
        cluster.run(4_000);
        long token = next.fetch(7, 64 << 20, 3 * FRAME);
        cluster.settle();
        assertNull(next.replies.get(token), "one batch of it is known to be committed");
        next.connect(new NodeId(2));
        next.connect(new NodeId(3));
        cluster.run(100);
        assertEquals(
                3 * FRAME,
                assertInstanceOf(FetchOutcome.Fetched.class, next.replies.get(token))
                        .frames()
                        .remaining());
    }

    /** Takes the answer of the leader to what it was asked last off its way. */
    private PartitionInput.Answered delayed(Cluster.Gateway gateway) {
        NodeId leader = cluster.state.leader().orElseThrow();
        while (gateway.deliver(leader)) {}
        return Objects.requireNonNull(gateway.inbox.get(leader)).removeLast();
    }

    @Test
    void what_is_committed_while_the_leader_reads_is_not_waited_for() {
        long token = owner.fetch(8, 64 << 20, 4 * FRAME);
        PartitionInput.Answered late = delayed(owner);
        write(2);
        assertNull(owner.replies.get(token));
        owner.step(late);
        cluster.settle();
        assertEquals(4 * FRAME, frames(token).remaining());
    }

    @Test
    void nor_is_what_turns_out_to_be_committed_meanwhile() {
        owner.step(new PartitionInput.Resign("test"));
        cluster.nodes.forEach(node -> cluster.replica(node).highWatermark = 8);
        Cluster.Gateway next = cluster.gateway();
        next.disconnect(new NodeId(2));
        next.disconnect(new NodeId(3));
        next.takeOver();
        cluster.run(4_000);
        long token = next.fetch(7, 64 << 20, 3 * FRAME);
        PartitionInput.Answered late = delayed(next);
        next.connect(new NodeId(2));
        next.connect(new NodeId(3));
        cluster.run(100);
        assertNull(next.replies.get(token));
        next.step(late);
        cluster.settle();
        assertEquals(
                3 * FRAME,
                assertInstanceOf(FetchOutcome.Fetched.class, next.replies.get(token))
                        .frames()
                        .remaining());
    }

    @Test
    void what_is_there_is_given_where_too_many_wait_already() {
        for (int i = 0; i < Reads.MAX_WAITING; i++) {
            owner.fetch(10);
        }
        long token = owner.fetch(8, 64 << 20, 4 * FRAME);
        cluster.settle();
        assertEquals(2 * FRAME, frames(token).remaining());
    }

    @Test
    void what_is_there_is_given_when_the_wait_is_over() {
        long token = owner.fetch(8, 64 << 20, 4 * FRAME);
        cluster.settle();
        cluster.run(9_900);
        assertNull(owner.replies.get(token));
        cluster.run(200);
        assertEquals(2 * FRAME, frames(token).remaining());
    }

    @Test
    void a_read_that_the_leader_does_not_answer_is_given_up() {
        long token = owner.fetch(0, 64 << 20, 1);
        cluster.pass(29_000);
        assertNull(owner.replies.get(token));
        cluster.pass(2_000);
        assertInstanceOf(FetchOutcome.Unavailable.class, owner.replies.get(token));
        cluster.settle();
    }
}
