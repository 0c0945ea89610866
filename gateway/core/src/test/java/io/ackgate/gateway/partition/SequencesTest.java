package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.producer.ProducerTable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What an owner makes of sequences, and for how long it knows them. */
class SequencesTest {
    private static final int MAX = Integer.MAX_VALUE;
    private static final long EXPIRATION_MILLIS = 5_000;
    private static final String MAY_BE_WRITTEN = "UNKNOWN_PRODUCER_ID MAY_HAVE_BEEN_WRITTEN";

    private final Cluster cluster =
            new Cluster(3, settings(EXPIRATION_MILLIS).withMinInsyncReplicas(2));

    private static PartitionSettings settings(long expirationMillis) {
        ReplicaSettings usual = ReplicaSettings.DEFAULTS;
        return PartitionSettings.DEFAULTS.withReplica(
                new ReplicaSettings(
                        usual.durability(),
                        usual.segmentBytes(),
                        usual.segmentMillis(),
                        usual.retentionMillis(),
                        usual.retentionBytes(),
                        expirationMillis));
    }

    /** Sends records whose values are their sequences. */
    private static long send(Cluster.Gateway to, Acks acks, long id, int sequence, int count) {
        String[] values =
                IntStream.range(0, count)
                        .mapToObj(i -> Integer.toString((sequence + i) & MAX))
                        .toArray(String[]::new);
        return to.produce(acks, Cluster.batch(id, (short) 0, sequence, values), false);
    }

    private String told(Cluster.Gateway owner, int sequence, int count) {
        long token = send(owner, Acks.ALL, 7, sequence, count);
        cluster.settle();
        return switch (owner.outcome(token)) {
            case ProduceOutcome.Written written ->
                    (written.duplicate() ? "duplicate " : "written ") + written.baseOffset();
            case ProduceOutcome.Failed failed -> failed.error() + " " + failed.writeStatus();
            case ProduceOutcome.Accepted accepted -> "accepted";
            case null -> "nothing";
        };
    }

    private int recordsInTheLog() {
        return cluster.replica(new NodeId(1)).frames.stream()
                .mapToInt(frame -> io.ackgate.record.BatchFrame.recordsCount(frame, 0))
                .sum();
    }

    /** The owner of a log that tells of these producers and holds nothing any more. */
    private Cluster.Gateway ownerThatKnows(ProducerEntry... entries) {
        cluster.owner().step(new PartitionInput.Resign("test"));
        KnownProducers known = new KnownProducers(-1, List.of(entries));
        cluster.nodes.forEach(node -> cluster.replica(node).producersBelow = known);
        return cluster.owner();
    }

    @Test
    void a_range_that_is_not_the_one_written_is_refused() {
        Cluster.Gateway owner = cluster.owner();
        assertEquals("written 0", told(owner, 0, 10));
        String refused = "OUT_OF_ORDER_SEQUENCE_NUMBER NOT_WRITTEN";
        assertEquals(refused, told(owner, 5, 10));
        assertEquals(refused, told(owner, 9, 2));
        assertEquals(refused, told(owner, 1_200_000_000, 1));
        long other = owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "x"), false);
        assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(other));
        assertEquals(10, recordsInTheLog());
    }

    @Test
    void the_same_sequences_with_other_records_are_not_retriable() {
        Cluster.Gateway owner = cluster.owner();
        told(owner, 0, 1);
        long token = owner.produce(Acks.ALL, Cluster.batch(7, (short) 0, 0, "other"), false);
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(token));
        assertEquals(ErrorCode.INVALID_RECORD, failed.error());
        assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
        assertFalse(failed.error().retriable());
        assertEquals(1, recordsInTheLog());
    }

    @Test
    void sequences_go_on_at_zero_also_under_a_new_owner() {
        Cluster.Gateway owner =
                ownerThatKnows(
                        new ProducerEntry(
                                7,
                                (short) 0,
                                false,
                                1_000_000,
                                List.of(new ProducerEntry.Batch(MAX - 10, MAX - 5, -6, 6, 1))));
        assertEquals("written 0", told(owner, MAX - 4, 10));
        assertEquals("written 10", told(owner, 5, 5));
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.owner();
        assertEquals("duplicate 0", told(second, MAX - 4, 10));
        assertEquals("duplicate 10", told(second, 5, 5));
        assertEquals("duplicate -1", told(second, MAX - 20, 5));
        assertEquals("OUT_OF_ORDER_SEQUENCE_NUMBER NOT_WRITTEN", told(second, 0, 5));
        assertEquals("written 15", told(second, 10, 1));
    }

    @Test
    void a_forgotten_producer_is_not_taken_for_a_new_one() {
        Cluster.Gateway owner = cluster.owner();
        told(owner, 0, 3);
        cluster.run(EXPIRATION_MILLIS - 100);
        assertEquals("duplicate 0", told(owner, 0, 3), "a retry is no sign of life");
        cluster.run(200);
        assertEquals(MAY_BE_WRITTEN, told(owner, 0, 3));
        assertEquals(MAY_BE_WRITTEN, told(owner, 2, 3));
        assertEquals("UNKNOWN_PRODUCER_ID NOT_WRITTEN", told(owner, 3, 1));
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.wallMillis = owner.wallMillis + EXPIRATION_MILLIS + 100;
        second.takeOver();
        cluster.settle();
        assertEquals(MAY_BE_WRITTEN, told(second, 0, 3), "the log tells it to a new owner");
        assertEquals(3, recordsInTheLog());
    }

    @Test
    void a_wall_clock_that_jumps_makes_nobody_expire() {
        Cluster.Gateway owner = cluster.owner();
        told(owner, 0, 1);
        owner.wallMillis += 1_000 * EXPIRATION_MILLIS;
        assertEquals("written 1", told(owner, 1, 1));
        owner.wallMillis = 0;
        assertEquals("written 2", told(owner, 2, 1));
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.wallMillis = 0;
        second.takeOver();
        cluster.settle();
        assertEquals("duplicate 2", told(second, 2, 1), "its clock is behind the log's");
        assertEquals("written 3", told(second, 3, 1));
        cluster.run(EXPIRATION_MILLIS + 100);
        assertEquals(MAY_BE_WRITTEN, told(second, 3, 1), "silent since by its own clock");
    }

    @Test
    void an_owner_whose_wall_clock_is_days_ahead_of_the_log_makes_nobody_expire() {
        Cluster.Gateway owner = cluster.owner();
        told(owner, 0, 1);
        owner.step(new PartitionInput.Resign("test"));
        Cluster.Gateway second = cluster.gateway();
        second.wallMillis = owner.wallMillis + 8 * 86_400_000L;
        second.takeOver();
        cluster.settle();
        assertEquals("duplicate 0", told(second, 0, 1));
        assertEquals("written 1", told(second, 1, 1));
        second.step(new PartitionInput.Resign("test"));
        Cluster.Gateway third = cluster.owner();
        assertEquals("written 2", told(third, 2, 1), "nor is its time found in the log");
        cluster.run(EXPIRATION_MILLIS + 100);
        assertEquals(MAY_BE_WRITTEN, told(third, 2, 1));
    }

    @Test
    void a_newcomer_above_the_bound_is_refused_and_nobody_is_forgotten_for_it() {
        Cluster.Gateway owner =
                ownerThatKnows(
                        LongStream.range(0, ProducerTable.MAX_PRODUCERS)
                                .mapToObj(
                                        id ->
                                                new ProducerEntry(
                                                        id,
                                                        (short) 0,
                                                        false,
                                                        1_000_000,
                                                        List.of(
                                                                new ProducerEntry.Batch(
                                                                        0, 0, -1, 1, 1))))
                                .toArray(ProducerEntry[]::new));
        long newcomer = send(owner, Acks.ALL, ProducerTable.MAX_PRODUCERS, 0, 1);
        ProduceOutcome.Failed refused =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(newcomer));
        assertEquals(ErrorCode.THROTTLING_QUOTA_EXCEEDED, refused.error());
        assertEquals(WriteStatus.NOT_WRITTEN, refused.writeStatus());
        assertTrue(refused.detail().contains("100000 producers are known"), refused.detail());
        assertEquals("written 0", told(owner, 1, 1));
        long again = send(owner, Acks.ALL, 0, 1, 1);
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(again));
    }

    @Test
    void a_retry_that_joined_is_answered_when_the_leader_has_it() {
        Cluster.Gateway owner = cluster.owner();
        NodeId leader = cluster.state.leader().orElseThrow();
        long original = send(owner, Acks.ALL, 7, 0, 1);
        long retry = send(owner, Acks.LEADER, 7, 0, 1);
        assertNull(owner.outcome(retry));
        owner.deliver(leader);
        owner.sync(leader);
        owner.receive(leader);
        assertTrue(
                assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(retry)).duplicate());
        assertNull(owner.outcome(original));
    }

    @Test
    void a_retry_that_joined_is_answered_at_its_deadline() {
        Cluster.Gateway owner = cluster.owner();
        send(owner, Acks.ALL, 7, 0, 1);
        long retry = send(owner, Acks.ALL, 7, 0, 1);
        cluster.pass(900);
        assertNull(owner.outcome(retry));
        cluster.pass(200);
        assertEquals(
                ErrorCode.REQUEST_TIMED_OUT,
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(retry)).error());
    }

    @Test
    void a_retry_that_joined_is_answered_when_its_owner_stops() {
        Cluster.Gateway owner = cluster.owner();
        send(owner, Acks.ALL, 7, 0, 1);
        long retry = send(owner, Acks.ALL, 7, 0, 1);
        owner.step(new PartitionInput.Resign("test"));
        ProduceOutcome.Failed failed =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(retry));
        assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, failed.error());
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failed.writeStatus());
    }
}
