package io.ackgate.storage.node;

import io.ackgate.storage.api.DiskSpace;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.runtime.LoopObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the node measures. Counters are fed by the engine's thread; gauges show a sample that is
 * taken on that thread once a second, so that a scrape never waits for the engine.
 */
@ApplicationScoped
public class NodeMetrics implements LoopObserver {
    private static final long SAMPLE_MILLIS = 1_000;

    private final MeterRegistry registry;
    private final Timer syncs;
    private final Counter syncedBytes;
    private final Counter failedSyncs;
    private final Counter frames;
    private final Counter frameBytes;
    private final Counter reads;
    private final Counter readBytes;
    private final Map<StorageAnswer.Refusal, Counter> refusals =
            new EnumMap<>(StorageAnswer.Refusal.class);
    private final ScheduledExecutorService sampler =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("ackgate-sampler").factory());

    private volatile @Nullable NodeSample sample;

    @Inject
    NodeMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.syncs =
                Timer.builder("ackgate.journal.sync")
                        .description("Group commits, from write to the end of fdatasync")
                        .serviceLevelObjectives(
                                Duration.ofNanos(100_000),
                                Duration.ofNanos(250_000),
                                Duration.ofNanos(500_000),
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                Duration.ofMillis(5),
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(50),
                                Duration.ofMillis(100),
                                Duration.ofMillis(250),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5))
                        .register(registry);
        this.syncedBytes = counter("ackgate.journal.written.bytes", "Bytes of group commits");
        this.failedSyncs = counter("ackgate.journal.sync.failures", "Group commits that failed");
        this.frames = counter("ackgate.appended.frames", "Frames that the engine has handled");
        this.frameBytes = counter("ackgate.appended.bytes", "Bytes of those frames");
        this.reads = counter("ackgate.reads", "Reads that gateways got an answer to");
        this.readBytes = counter("ackgate.read.bytes", "Bytes of frames in those answers");
        for (StorageAnswer.Refusal reason : StorageAnswer.Refusal.values()) {
            refusals.put(
                    reason,
                    Counter.builder("ackgate.refused.requests")
                            .description("Requests of gateways that were refused")
                            .tag("reason", label(reason))
                            .register(registry));
        }
    }

    private static String label(StorageAnswer.Refusal reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void synced(long nanos, long bytes) {
        syncs.record(nanos, TimeUnit.NANOSECONDS);
        syncedBytes.increment((double) bytes);
    }

    @Override
    public void syncFailed() {
        failedSyncs.increment();
    }

    @Override
    public void appended(int bytes) {
        frames.increment();
        frameBytes.increment((double) bytes);
    }

    @Override
    public void read(int bytes) {
        reads.increment();
        readBytes.increment((double) bytes);
    }

    @Override
    public void refused(StorageAnswer.Refusal reason) {
        Counter counter = refusals.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Shows this node from now on. Called once, when it runs. */
    void watch(StorageNode node) {
        gauge("ackgate.replicas", "Replicas on this node", NodeSample::replicas);
        gauge(
                "ackgate.replicas.faulty",
                "Replicas that need a new incarnation",
                NodeSample::faultyReplicas);
        gauge("ackgate.replica.bytes", "Bytes of all segments", NodeSample::replicaBytes);
        gauge("ackgate.replica.records", "Records held", NodeSample::records);
        gauge(
                "ackgate.journal.bytes",
                "Journal that a start would have to read, bytes",
                NodeSample::journalBytes);
        gauge("ackgate.journal.failed", "1 if it cannot be written", s -> s.failed() ? 1 : 0);
        gauge("ackgate.disk.full", "1 if appends are refused", s -> s.diskFull() ? 1 : 0);
        gauge(
                "ackgate.clock.jump.seconds",
                "By how much the wall clock has jumped; not believed while it is not 0",
                s -> s.clockJumpMillis() / 1_000.0);
        scrub();
        registerGauge("ackgate.disk.usable.bytes", "Bytes left", () -> space(node, true));
        registerGauge("ackgate.disk.total.bytes", "Bytes in all", () -> space(node, false));
        registerGauge("ackgate.files.open", "Files open", node::openFiles);
        registerGauge("ackgate.files.max", "Files open at a time, about", node::maxOpenFiles);
        registerGauge(
                "ackgate.engine.queued.requests",
                "Requests that wait for the engine",
                node::queuedRequests);
        registerGauge("ackgate.gateway.streams", "Gateways connected", node::streams);
        var _ =
                sampler.scheduleWithFixedDelay(
                        () -> take(node), 0, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void scrub() {
        gauge(
                "ackgate.replicas.rotten",
                "Replicas known to be rotten and not made anew yet",
                s -> s.scrub().rottenReplicas());
        gauge(
                "ackgate.scrub.replicas.left",
                "Replicas that this round of the scrubber has still to look at",
                s -> s.scrub().replicasLeft());
        total("ackgate.scrub.rounds", "Rounds over all logs", s -> s.scrub().rounds());
        total("ackgate.scrub.bytes", "Bytes that were scrubbed", s -> s.scrub().bytesRead());
        total(
                "ackgate.scrub.rot.found",
                "Times that a log was found to be rotten",
                s -> s.scrub().rotFound());
        total(
                "ackgate.scrub.failures",
                "Times that a log could not be read to be scrubbed",
                s -> s.scrub().failedReads());
    }

    private void take(StorageNode node) {
        var _ = node.sample().thenAccept(taken -> sample = taken);
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeSample> value) {
        registerGauge(
                name,
                description,
                () -> {
                    NodeSample now = sample;
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                });
    }

    /** What only grows while the process runs. */
    private void total(String name, String description, ToDoubleFunction<NodeSample> value) {
        FunctionCounter.builder(
                        name,
                        this,
                        metrics -> {
                            NodeSample now = metrics.sample;
                            return now == null ? 0 : value.applyAsDouble(now);
                        })
                .description(description)
                .register(registry);
    }

    private void registerGauge(
            String name, String description, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private static double space(StorageNode node, boolean usable) {
        try {
            DiskSpace space = node.space();
            return usable ? space.usableBytes() : space.totalBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The latest sample; null before the first. */
    @Nullable NodeSample sample() {
        return sample;
    }

    @PreDestroy
    void close() {
        sampler.shutdownNow();
    }
}
