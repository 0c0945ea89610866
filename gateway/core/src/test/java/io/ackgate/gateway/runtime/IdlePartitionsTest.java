package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.SECOND;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.gateway.partition.SteppedPartition;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.PartitionId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Partitions and readers that wait for nothing cost no ticks. */
@Timeout(120)
class IdlePartitionsTest {
    private static final int PARTITIONS = 50;

    private final AtomicLong ticks = new AtomicLong();

    private SteppedPartition counted(
            PartitionId id,
            GatewaySession me,
            PartitionSettings settings,
            SharedBudget budget,
            long life) {
        SteppedPartition real = new Partition(id, me, settings, budget, life);
        return new SteppedPartition() {
            @Override
            public void step(PartitionInput input, long nowNanos, Consumer<PartitionEffect> out) {
                if (input instanceof PartitionInput.Tick) {
                    ticks.incrementAndGet();
                }
                real.step(input, nowNanos, out);
            }

            @Override
            public boolean isIdle() {
                return real.isIdle();
            }

            @Override
            public long bufferedBytes() {
                return real.bufferedBytes();
            }

            @Override
            public int waitingReads() {
                return real.waitingReads();
            }

            @Override
            public long nextDueNanos() {
                return real.nextDueNanos();
            }

            @Override
            public PartitionStatus status() {
                return real.status();
            }
        };
    }

    @Test
    void time_passes_without_a_tick_and_readers_are_answered_in_time() throws Exception {
        try (GatewayFixture at =
                new GatewayFixture(
                        GatewayFixture.settings(),
                        new StoreDisk(),
                        new ModelStorage(3),
                        this::counted)) {
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(PARTITIONS));
            for (int index = 0; index < PARTITIONS; index++) {
                at.awaitInSync(topic.partition(index), 3);
                at.gateway.fetch(
                        topic.partition(index),
                        0,
                        1,
                        1,
                        300 * SECOND,
                        at.gateway.readMemory().reader(() -> {}),
                        outcome -> {});
            }
            CompletableFuture<FetchOutcome> soon = new CompletableFuture<>();
            AtomicLong before = new AtomicLong(-1);
            // Once nothing is due any more, fifty ticks' time goes by without one.
            eventually(
                    "no partition is told the time",
                    () -> {
                        long now = ticks.get();
                        assertInstanceOf(
                                FetchOutcome.Fetched.class,
                                at.fetch(topic.partition(0), 0, SECOND / 10));
                        // That read's own end is one.
                        return ticks.get() - now <= 1 && before.getAndSet(now) >= 0;
                    });
            at.gateway.fetch(
                    topic.partition(1),
                    0,
                    1,
                    1,
                    SECOND / 20,
                    at.gateway.readMemory().reader(() -> {}),
                    soon::complete);
            assertInstanceOf(FetchOutcome.Fetched.class, GatewayFixture.await(soon));
            at.written(topic.partition(2), Acks.ALL, "x");
        }
    }
}
