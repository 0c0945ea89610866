package io.ackgate.gateway.metrics;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.PartitionEventListener;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The state of all partitions together, and what happens to them. */
@Singleton
public class PartitionMetrics implements PartitionEventListener {
    private static final long PAUSE_NANOS_PER_PARTITION = 500_000;

    private static final Duration[] TAKEOVER_BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    private volatile long refreshAtNanos = System.nanoTime();
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final TopicSeries series;
    private final GroupLag groups;
    private final FencedMetrics fenced;
    private final Counter shrinks;
    private final Counter expansions;
    private final Counter duplicates;
    private final Counter broken;
    private final Counter uncleanElections;
    private final Timer takeovers;
    private volatile PartitionTotals totals = PartitionTotals.NONE;

    PartitionMetrics(
            MeterRegistry registry,
            Topics topics,
            GatewayRuntime runtime,
            TopicSeries series,
            GroupLag groups,
            FencedMetrics fenced) {
        this.topics = topics;
        this.runtime = runtime;
        this.series = series;
        this.groups = groups;
        this.fenced = fenced;
        shrinks = counter(registry, "ackgate.isr.changes", "Changes of an ISR", "shrink");
        expansions = counter(registry, "ackgate.isr.changes", "Changes of an ISR", "expand");
        duplicates =
                Counter.builder("ackgate.duplicates")
                        .description("Retries that were found in the log and not written again")
                        .register(registry);
        broken =
                Counter.builder("ackgate.invariants.broken")
                        .description("Partitions that stopped themselves: a bug or a corrupt disk")
                        .register(registry);
        uncleanElections =
                Counter.builder("ackgate.unclean.elections")
                        .description("Leaders elected that were not in sync: records may be lost")
                        .register(registry);
        takeovers =
                Timer.builder("ackgate.takeover")
                        .description("From the claim of a partition to the first request served")
                        .serviceLevelObjectives(TAKEOVER_BUCKETS)
                        .register(registry);
        gauge(registry, "ackgate.partitions", "Partitions", PartitionTotals::partitions);
        gauge(
                registry,
                "ackgate.offline.partitions",
                "Partitions that are not served",
                PartitionTotals::offline);
        gauge(
                registry,
                "ackgate.under.replicated.partitions",
                "Partitions with fewer in-sync replicas than replicas",
                PartitionTotals::underReplicated);
        gauge(
                registry,
                "ackgate.under.min.isr.partitions",
                "Partitions with fewer in-sync replicas than min.insync.replicas",
                PartitionTotals::underMinIsr);
        gauge(
                registry,
                "ackgate.isr.size",
                "In-sync replicas per partition, on average",
                t -> t.partitions() == 0 ? 0 : (double) t.isrMembers() / t.partitions());
        gauge(
                registry,
                "ackgate.replica.lag.records",
                "Most records that any replica is behind its partition's end of log",
                PartitionTotals::maxLag);
        Gauge.builder("ackgate.waiting.reads", runtime, GatewayRuntime::waitingReads)
                .description("Reads that wait for records, or for a leader")
                .register(registry);
        ReadMemory readMemory = runtime.readMemory();
        Gauge.builder("ackgate.read.memory.bytes", readMemory, ReadMemory::bytes)
                .description("Bytes that are read for consumers and not taken by them yet")
                .register(registry);
        Gauge.builder("ackgate.read.memory.waiting.reads", readMemory, ReadMemory::waitingReads)
                .description("Reads that wait until there is memory for their answers")
                .register(registry);
        Gauge.builder("ackgate.inflight.bytes", runtime, GatewayRuntime::inFlightBytes)
                .description("Bytes of batches that not every in-sync replica has yet")
                .register(registry);
    }

    private static Counter counter(
            MeterRegistry registry, String name, String description, String change) {
        return Counter.builder(name)
                .description(description)
                .tag("change", change)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<PartitionTotals> value) {
        Gauge.builder(name, this, self -> value.applyAsDouble(self.totals))
                .description(description)
                .register(registry);
    }

    /**
     * Adds the partitions up anew, unless that was done a moment ago: with 10,000 of them every 5
     * seconds, so that an idle gateway stays one. Called every second.
     */
    public void refresh() {
        if (System.nanoTime() - refreshAtNanos >= 0) {
            // The thread of a partition is not for adding others up.
            runtime.statuses().thenAcceptAsync(this::add, Infrastructure.getDefaultWorkerPool());
        }
    }

    private synchronized void add(Map<PartitionId, PartitionStatus> statuses) {
        List<Topic> live = topics.cached();
        series.keepOnly(live);
        groups.refresh(statuses);
        totals = PartitionTotals.of(live, statuses);
        refreshAtNanos = System.nanoTime() + statuses.size() * PAUSE_NANOS_PER_PARTITION;
    }

    @Override
    public void happened(PartitionId partition, PartitionEvent event) {
        switch (event) {
            case PartitionEvent.IsrShrunk shrunk -> shrinks.increment();
            case PartitionEvent.IsrExpanded expanded -> expansions.increment();
            case PartitionEvent.DuplicateFound found -> duplicates.increment();
            case PartitionEvent.Stopped stopped -> fenced.stopped(stopped.cause());
            case PartitionEvent.InvariantBroken invariant -> broken.increment();
            case PartitionEvent.UncleanElection unclean -> uncleanElections.increment();
            case PartitionEvent.Serving serving ->
                    takeovers.record(serving.tookNanos(), TimeUnit.NANOSECONDS);
            case PartitionEvent.TakeoverStarted started -> {}
            case PartitionEvent.TakeoverFailed failed -> {}
            case PartitionEvent.Offline offline -> {}
            case PartitionEvent.Released released -> {}
            case PartitionEvent.Published published -> {}
            case PartitionEvent.LeaderChanged changed -> {}
            case PartitionEvent.ReplicaReconciled reconciled -> {}
            case PartitionEvent.ReplicaLost lost -> {}
            case PartitionEvent.ReplicaDamaged damaged -> {}
            case PartitionEvent.ReplicaWhole whole -> {}
            case PartitionEvent.ReplicaRefused refused -> {}
        }
    }
}
