package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import java.nio.ByteBuffer;
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
    void whatIsAskedForIsCappedByTheOwner() {
        long token = owner.fetch(0, 64 << 20, 1);
        cluster.settle();
        assertEquals(CAP, frames(token).remaining());
        assertEquals(CAP, leader().reads.getLast().maxBytes());
    }

    @Test
    void aBatchLargerThanTheCapIsGivenWhole() {
        owner.produce(Acks.ALL, "x".repeat(2 * CAP));
        cluster.settle();
        long token = owner.fetch(10, 64 << 20, 1);
        cluster.settle();
        assertTrue(frames(token).remaining() > 2 * CAP);
        assertEquals(10, BatchFrame.lastOffset(frames(token), 0));
    }

    @Test
    void minBytesAboveMaxBytesIsAnsweredAtOnce() {
        long token = owner.fetch(0, FRAME, 3 * FRAME);
        cluster.settle();
        assertEquals(FRAME, frames(token).remaining());
    }

    @Test
    void atTheEndNobodyWaitsForMoreThanMaxBytesOrTheCap() {
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
    void minBytesAboveTheCapIsAnsweredAtOnce() {
        long token = owner.fetch(0, 64 << 20, 64 << 20);
        cluster.settle();
        assertEquals(CAP, frames(token).remaining());
    }

    @Test
    void theEndOfASegmentCountsAsEnough() {
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
    void aRisingHighWatermarkIsNoReasonToReadTheSameAgain() {
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
    void aFetchAtTheEndIsReadOnceWhenThereIsEnough() {
        long token = owner.fetch(10, 64 << 20, 3 * FRAME);
        write(2);
        assertNull(owner.replies.get(token));
        assertEquals(0, leader().reads.size());
        write(1);
        assertEquals(3 * FRAME, frames(token).remaining());
        assertEquals(1, leader().reads.size());
    }

    @Test
    void whatIsThereIsGivenWhenTheWaitIsOver() {
        long token = owner.fetch(8, 64 << 20, 4 * FRAME);
        cluster.settle();
        cluster.run(9_900);
        assertNull(owner.replies.get(token));
        cluster.run(200);
        assertEquals(2 * FRAME, frames(token).remaining());
    }

    @Test
    void aReadThatTheLeaderDoesNotAnswerIsGivenUp() {
        long token = owner.fetch(0, 64 << 20, 1);
        cluster.pass(29_000);
        assertNull(owner.replies.get(token));
        cluster.pass(2_000);
        assertInstanceOf(FetchOutcome.Unavailable.class, owner.replies.get(token));
        cluster.settle();
    }
}
