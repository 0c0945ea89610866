package io.ackgate.gateway.consume;

import io.ackgate.gateway.error.Failures;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Single reads as promises: what cannot be read fails with the {@code FailureException} that says
 * why. They are fulfilled on a partition's thread: go on elsewhere. One whose subscription is
 * cancelled leaves the partition at once.
 */
@Singleton
public class PartitionReads {
    private final GatewayRuntime runtime;

    PartitionReads(GatewayRuntime runtime) {
        this.runtime = runtime;
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
                            Cancellable read =
                                    runtime.fetch(
                                            topic.partition(partition),
                                            offset,
                                            maxBytes,
                                            minBytes,
                                            TimeUnit.MILLISECONDS.toNanos(waitMillis),
                                            reader,
                                            caller::complete);
                            caller.onTermination(read::cancel);
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
