package io.ackgate.gateway.consume;

import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.gateway.topic.Topic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Single reads as promises: what cannot be read fails with the {@code FailureException} that says
 * why. They are fulfilled on a partition's thread: go on elsewhere. One whose subscription is
 * cancelled leaves the partition at once.
 */
@Singleton
public class PartitionReads {
    private final GatewayRuntime runtime;
    private final Draining draining;

    PartitionReads(GatewayRuntime runtime, Draining draining) {
        this.runtime = runtime;
        this.draining = draining;
    }

    /** Committed frames from an offset on; see {@link GatewayRuntime#fetch}. */
    public Uni<FetchOutcome.Fetched> fetch(
            Topic topic,
            int partition,
            long offset,
            int maxBytes,
            int minBytes,
            int waitMillis,
            ReadMemory.Reader reader) {
        return Uni.createFrom()
                .<FetchOutcome>emitter(
                        caller -> {
                            IntFunction<Cancellable> waiting =
                                    millis ->
                                            runtime.fetch(
                                                    topic.partition(partition),
                                                    offset,
                                                    maxBytes,
                                                    minBytes,
                                                    TimeUnit.MILLISECONDS.toNanos(millis),
                                                    reader,
                                                    caller::complete);
                            Cancellable read = waiting.apply(waitMillis);
                            // Whoever waits for records hears that there are none yet.
                            Runnable forget =
                                    draining.onClosing(
                                            () -> {
                                                read.cancel();
                                                var _ = waiting.apply(0);
                                            });
                            caller.onTermination(
                                    () -> {
                                        forget.run();
                                        read.cancel();
                                    });
                        })
                .map(
                        outcome ->
                                switch (outcome) {
                                    case FetchOutcome.Fetched fetched -> fetched;
                                    case FetchOutcome.OutOfRange outOfRange ->
                                            throw Failures.of(outOfRange, offset).asException();
                                    case FetchOutcome.Unavailable unavailable ->
                                            throw Failures.of(unavailable, topic).asException();
                                    case FetchOutcome.Throttled throttled ->
                                            throw Failures.of(throttled, topic).asException();
                                    case FetchOutcome.Position position -> throw mismatch(position);
                                });
    }

    /** A position in the log; see {@link GatewayRuntime#position}. */
    public Uni<FetchOutcome.Position> position(
            Topic topic,
            int partition,
            PartitionInput.Position position,
            long timestampMillis,
            int waitMillis) {
        return Uni.createFrom()
                .<FetchOutcome>emitter(
                        caller -> {
                            Cancellable read =
                                    runtime.position(
                                            topic.partition(partition),
                                            position,
                                            timestampMillis,
                                            TimeUnit.MILLISECONDS.toNanos(waitMillis),
                                            caller::complete);
                            caller.onTermination(read::cancel);
                        })
                .map(
                        outcome ->
                                switch (outcome) {
                                    case FetchOutcome.Position found -> found;
                                    case FetchOutcome.Unavailable unavailable ->
                                            throw Failures.of(unavailable, topic).asException();
                                    case FetchOutcome.Throttled throttled ->
                                            throw Failures.of(throttled, topic).asException();
                                    case FetchOutcome.OutOfRange outOfRange ->
                                            throw mismatch(outOfRange);
                                    case FetchOutcome.Fetched fetched -> throw mismatch(fetched);
                                });
    }

    private static IllegalStateException mismatch(FetchOutcome outcome) {
        return new IllegalStateException(
                "answered with "
                        + outcome.getClass().getSimpleName()
                        + ", which was not asked for");
    }
}
