package io.ackgate.gateway.process;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.runtime.LoopObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long storage nodes take, and what those in this process do. */
@Singleton
class StorageMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Map<NodeId, Timer> appends = new ConcurrentHashMap<>();
    private final Timer syncs;
    private final Counter failedSyncs;
    private final Counter appendedBytes;
    private final Counter readBytes;
    private final Map<StorageAnswer.Refusal, Counter> refusals =
            new EnumMap<>(StorageAnswer.Refusal.class);

    StorageMetrics(MeterRegistry registry) {
        this.registry = registry;
        syncs =
                Timer.builder("ackgate.journal.sync")
                        .description("Group commits of the replicas in this process")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        failedSyncs =
                counter(
                        "ackgate.journal.sync.failures",
                        "Group commits that failed: the replica has to be replaced");
        appendedBytes =
                counter("ackgate.appended.bytes", "Bytes that the replicas in this process took");
        readBytes =
                counter("ackgate.read.bytes", "Bytes that the replicas in this process gave out");
        for (StorageAnswer.Refusal reason : StorageAnswer.Refusal.values()) {
            refusals.put(
                    reason,
                    Counter.builder("ackgate.refused.requests")
                            .description("Requests that the replicas in this process refused")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** A replica has acknowledged an append so long after it was sent. */
    void appended(NodeId node, long nanos) {
        appends.computeIfAbsent(node, this::timerOf).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timerOf(NodeId node) {
        return Timer.builder("ackgate.replica.append")
                .description("From sending an append to its acknowledgement; sampled")
                .tag("node", Integer.toString(node.value()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Hears of what one node in this process does. */
    LoopObserver ofNode() {
        return new LoopObserver() {
            @Override
            public void synced(long nanos, long bytes) {
                syncs.record(nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public void syncFailed() {
                failedSyncs.increment();
            }

            @Override
            public void appended(int bytes) {
                appendedBytes.increment(bytes);
            }

            @Override
            public void read(int bytes) {
                readBytes.increment(bytes);
            }

            @Override
            public void refused(StorageAnswer.Refusal reason) {
                Counter counter = refusals.get(reason);
                if (counter != null) {
                    counter.increment();
                }
            }
        };
    }
}
