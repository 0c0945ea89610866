package io.ackgate.gateway.process;

import io.ackgate.gateway.offsets.MetadataCommittedOffsets;
import io.ackgate.gateway.topic.TopicUpkeep;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What is looked after in the metadata store for as long as the gateway runs. */
final class TopicUpkeepTimer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopicUpkeepTimer.class);
    private static final Duration TOPICS = Duration.ofSeconds(2);

    /** Kafka's offsets.retention.check.interval.ms. */
    private static final Duration OFFSETS = Duration.ofMinutes(10);

    private final TopicUpkeep topics;
    private final MetadataCommittedOffsets offsets;
    private final SteadyClock clock = new SteadyClock(System::currentTimeMillis, System::nanoTime);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("ackgate-upkeep").factory());

    TopicUpkeepTimer(TopicUpkeep topics, MetadataCommittedOffsets offsets) {
        this.topics = topics;
        this.offsets = offsets;
    }

    /** Finishes what an earlier run has left, then looks again and again. */
    void start() {
        topics.start().toCompletableFuture().join();
        every(TOPICS, "half-made topics", topics::look);
        every(OFFSETS, "offsets of groups that are gone", this::expireOffsets);
    }

    private CompletionStage<Integer> expireOffsets() {
        return offsets.expire(clock.millis())
                .whenComplete(
                        (groups, failure) -> {
                            if (groups != null && groups > 0) {
                                LOG.infof(
                                        "forgot the offsets of %d groups that had not committed for"
                                                + " their retention",
                                        groups);
                            }
                        });
    }

    private void every(Duration pause, String what, Supplier<CompletionStage<?>> work) {
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> {
                            try {
                                work.get().toCompletableFuture().join();
                            } catch (RuntimeException later) {
                                LOG.warnf(
                                        "%s are looked after later: %s", what, later.getMessage());
                            }
                        },
                        pause.toMillis(),
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        topics.close();
    }
}
