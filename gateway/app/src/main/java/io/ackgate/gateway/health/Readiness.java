package io.ackgate.gateway.health;

import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.process.ProcessState;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process may take traffic, as of now.
 *
 * <p>It is about the process and not about the partitions: one that is offline is counted here and
 * in the metrics, and does not send the requests for all others elsewhere, nor those of an operator
 * who would mend it. After a start the partitions are waited for, but not for long.
 */
@Singleton
public class Readiness {
    /** How long a new process waits for the partitions that there are, at most. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProcessState process;
    private final ClusterView cluster;
    private final Topics topics;
    private final ServedPartitions served;
    private final Draining draining;
    private final LongSupplier nanos;
    private final long startNanos;

    /** The partitions were waited for. */
    private volatile boolean started;

    @Inject
    Readiness(
            ProcessState process,
            ClusterView cluster,
            Topics topics,
            ServedPartitions served,
            Draining draining) {
        this(process, cluster, topics, served, draining, System::nanoTime);
    }

    Readiness(
            ProcessState process,
            ClusterView cluster,
            Topics topics,
            ServedPartitions served,
            Draining draining,
            LongSupplier nanos) {
        this.process = process;
        this.cluster = cluster;
        this.topics = topics;
        this.served = served;
        this.draining = draining;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /** The time of the start is that of the process, not that of the first question. */
    void begin(@Observes StartupEvent event) {}

    /** Partitions there are, and how many of them are not served here. */
    record Counts(int partitions, int offline) {}

    Counts counts() {
        int partitions = 0;
        int offline = 0;
        for (Topic topic : topics.cached()) {
            for (int p = 0; p < topic.partitions(); p++) {
                partitions++;
                if (!served.contains(topic.partition(p))) {
                    offline++;
                }
            }
        }
        return new Counts(partitions, offline);
    }

    /** What is in the way of taking traffic; null if nothing is. */
    @Nullable String problem() {
        if (draining.isLeaving()) {
            return "it is stopping";
        }
        String failure = process.failure();
        if (failure != null) {
            return failure;
        }
        if (cluster.nodes().stream().noneMatch(ClusterView.KnownNode::connected)) {
            return "no storage node can be reached";
        }
        if (!started) {
            int offline = counts().offline();
            if (offline > 0 && nanos.getAsLong() - startNanos < PATIENCE.toNanos()) {
                return "%d partitions are not served yet after the start".formatted(offline);
            }
            started = true;
        }
        return null;
    }
}
