package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** Retries of idempotent producers. */
class DeduplicationTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private long send(Cluster.Gateway to, int sequence) {
        return to.produce(Acks.ALL, Cluster.batch(7, (short) 0, sequence, "r" + sequence), false);
    }

    private ProduceOutcome.Written written(Cluster.Gateway by, long token) {
        return assertInstanceOf(ProduceOutcome.Written.class, by.outcome(token));
    }

    private ErrorCode refused(long token) {
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
        assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
        return failed.error();
    }

    @Test
    void a_retry_is_told_the_original_offset() {
        for (int sequence = 0; sequence < 5; sequence++) {
            send(owner, sequence);
        }
        cluster.settle();
        for (int sequence = 0; sequence < 5; sequence++) {
            ProduceOutcome.Written again = written(owner, send(owner, sequence));
            assertEquals(sequence, again.baseOffset());
            assertTrue(again.duplicate());
        }
        assertEquals(5, cluster.replica(new NodeId(1)).frames.size());
    }

    @Test
    void an_older_retry_is_a_success_without_an_offset() {
        for (int sequence = 0; sequence < 7; sequence++) {
            send(owner, sequence);
            cluster.settle();
        }
        ProduceOutcome.Written again = written(owner, send(owner, 0));
        assertEquals(-1, again.baseOffset());
        assertTrue(again.duplicate());
    }

    @Test
    void a_retry_waits_for_the_record_to_be_committed() {
        long original = send(owner, 0);
        long retry = send(owner, 0);
        assertNull(owner.outcome(retry));
        cluster.settle();
        assertEquals(0, written(owner, original).baseOffset());
        assertEquals(0, written(owner, retry).baseOffset());
        assertEquals(1, cluster.replica(new NodeId(1)).frames.size());
    }

    @Test
    void a_retry_joins_its_original_even_below_min_insync_replicas() {
        NodeId leader = cluster.state.leader().orElseThrow();
        cluster.nodes.stream().filter(n -> !n.equals(leader)).forEach(owner::disconnect);
        long original = send(owner, 0);
        cluster.run(400);
        assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(original));
        long retry = send(owner, 0);
        assertNull(
                owner.outcome(retry), "its original is in the log: 'not written' would be a lie");
        cluster.nodes.stream().filter(n -> !n.equals(leader)).forEach(owner::connect);
        cluster.settle();
        assertEquals(0, written(owner, retry).baseOffset());
    }

    @Test
    void a_retry_of_what_is_committed_is_answered_below_min_insync_replicas() {
        NodeId leader = cluster.state.leader().orElseThrow();
        send(owner, 0);
        cluster.settle();
        cluster.nodes.stream().filter(n -> !n.equals(leader)).forEach(owner::disconnect);
        cluster.run(400);
        assertEquals(1, cluster.state.isr().size());
        ProduceOutcome.Written again = written(owner, send(owner, 0));
        assertEquals(0, again.baseOffset());
        assertTrue(again.duplicate());
        assertEquals(1, again.isrSize(), "it tells of now");
    }

    @Test
    void what_was_refused_leaves_no_trace() {
        NodeId leader = cluster.state.leader().orElseThrow();
        cluster.nodes.stream().filter(n -> !n.equals(leader)).forEach(owner::disconnect);
        cluster.run(400);
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS, refused(send(owner, 0)));
        cluster.nodes.stream().filter(n -> !n.equals(leader)).forEach(owner::connect);
        cluster.run(100);
        long again = send(owner, 0);
        cluster.settle();
        assertEquals(false, written(owner, again).duplicate());
    }

    @Test
    void gaps_and_stale_sessions_are_refused() {
        send(owner, 0);
        cluster.settle();
        assertEquals(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, refused(send(owner, 2)));
        long newer = owner.produce(Acks.ALL, Cluster.batch(7, (short) 1, 0, "n"), false);
        cluster.settle();
        written(owner, newer);
        assertEquals(ErrorCode.INVALID_PRODUCER_EPOCH, refused(send(owner, 1)));
        assertEquals(
                ErrorCode.UNKNOWN_PRODUCER_ID,
                refused(owner.produce(Acks.ALL, Cluster.batch(8, (short) 0, 3, "u"), false)));
    }

    @Test
    void a_new_owner_knows_what_the_log_says() {
        send(owner, 0);
        send(owner, 1);
        cluster.settle();
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.owner();
        long retry = send(second, 1);
        long next = send(second, 2);
        cluster.settle();
        assertEquals(1, written(second, retry).baseOffset());
        assertEquals(2, written(second, next).baseOffset());
    }
}
