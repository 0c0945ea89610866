package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.role.HeldRequests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What arrives while an epoch is taken over. */
class HeldRequestsTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.gateway();

    private List<Long> produce(int count) {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(owner.produce(Acks.ALL, "x"));
        }
        return tokens;
    }

    @Test
    void batches_and_reads_are_bounded_apart() {
        owner.takeOver();
        List<Long> held = produce(HeldRequests.MAX_REQUESTS);
        long tooMany = owner.produce(Acks.ALL, "x");
        ProduceOutcome.Failed refused =
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(tooMany));
        assertEquals(ErrorCode.THROTTLING_QUOTA_EXCEEDED, refused.error());
        assertEquals(WriteStatus.NOT_WRITTEN, refused.writeStatus());

        for (int i = 0; i < HeldRequests.MAX_REQUESTS; i++) {
            // At the end, where there will be nothing to read.
            assertNull(owner.replies.get(owner.fetch(HeldRequests.MAX_REQUESTS)));
        }
        long oneMore = owner.fetch(0);
        assertInstanceOf(FetchOutcome.Throttled.class, owner.replies.get(oneMore));

        cluster.settle();
        held.forEach(token -> assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token)));
    }

    @Test
    void one_batch_is_held_though_it_is_larger_than_the_bound() {
        PartitionSettings of = PartitionSettings.DEFAULTS;
        Cluster small =
                new Cluster(
                        3,
                        new PartitionSettings(
                                2,
                                of.replica(),
                                of.lagMaxNanos(),
                                of.disconnectGraceNanos(),
                                of.fencePatienceNanos(),
                                of.fenceLastResortNanos(),
                                of.takeoverTimeoutNanos(),
                                of.casRetryNanos(),
                                100,
                                of.maxInFlightBytes(),
                                of.maxReadBytes(),
                                of.maxFetchBytes()));
        Cluster.Gateway taker = small.gateway();
        taker.takeOver();
        long large = taker.produce(Acks.ALL, "x".repeat(200));
        assertNull(taker.outcome(large));
        long second = taker.produce(Acks.ALL, "x");
        assertEquals(
                ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                assertInstanceOf(ProduceOutcome.Failed.class, taker.outcome(second)).error());
        small.settle();
        assertInstanceOf(ProduceOutcome.Written.class, taker.outcome(large));
    }

    @Test
    void a_read_that_is_cancelled_leaves_its_place() {
        owner.takeOver();
        List<Long> reads = new ArrayList<>();
        for (int i = 0; i < HeldRequests.MAX_REQUESTS; i++) {
            reads.add(owner.fetch(0));
        }
        assertEquals(HeldRequests.MAX_REQUESTS, owner.partition.waitingReads());
        reads.forEach(token -> owner.step(new PartitionInput.Cancel(token)));
        assertEquals(0, owner.partition.waitingReads());
        assertNull(owner.replies.get(owner.fetch(0)));
        cluster.settle();
        reads.forEach(token -> assertNull(owner.replies.get(token)));
    }

    @Test
    void a_batch_that_is_cancelled_is_written_and_not_answered() {
        owner.takeOver();
        List<Long> held = produce(3);
        owner.step(new PartitionInput.Cancel(held.get(1)));
        cluster.settle();
        assertEquals(3, owner.partition.status().logEnd());
        assertNull(owner.outcome(held.get(1)));
        assertEquals(
                2,
                assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(held.get(2)))
                        .baseOffset());
    }

    @Test
    void a_wait_for_acknowledgement_that_is_cancelled_is_not_answered_and_the_record_stays() {
        owner.takeOver();
        cluster.settle();
        List<Long> waiting = produce(10);
        List<Long> cancelled = waiting.subList(0, 7);
        cancelled.forEach(token -> owner.step(new PartitionInput.Cancel(token)));
        cluster.settle();
        cancelled.forEach(token -> assertNull(owner.outcome(token)));
        for (int i = 7; i < 10; i++) {
            assertEquals(
                    i,
                    assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(waiting.get(i)))
                            .baseOffset());
        }
        assertEquals(10, owner.partition.status().highWatermark());
    }
}
