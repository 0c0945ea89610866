package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The door for reads. Subscriptions ask with a listener and go on asking by what it hears. Single
 * reads are promises: what cannot be read fails with the {@code FailureException} that says why,
 * and one whose subscription is cancelled leaves the partition at once. Both are answered on a
 * partition's thread: go on elsewhere.
 */
@Singleton
public class PartitionReads {
    private final GatewayRuntime runtime;
    private final Draining draining;

    /** Reads from the partitions of this gateway until the process ends. */
    public PartitionReads(GatewayRuntime runtime, Draining draining) {
        this.runtime = runtime;
        this.draining = draining;
    }

    /** Committed frames from an offset on; see {@link GatewayRuntime#fetch}. */
    public Cancellable fetch(
            Caller caller,
            PartitionId partition,
            long offset,
            int maxBytes,
            int minBytes,
            int waitMillis,
            ReadMemory.Reader reader,
            Consumer<FetchOutcome> listener) {
        return runtime.fetch(
                partition,
                offset,
                maxBytes,
                minBytes,
                TimeUnit.MILLISECONDS.toNanos(waitMillis),
                reader,
                listener);
    }

    /** Committed frames from an offset on; see {@link GatewayRuntime#fetch}. */
    public Uni<FetchOutcome.Fetched> fetch(
            Caller caller,
            Topic topic,
            int partition,
            long offset,
            int maxBytes,
            int minBytes,
            int waitMillis,
            ReadMemory.Reader reader) {
        return Uni.createFrom()
                .<FetchOutcome>emitter(
                        answer -> {
                            IntFunction<Cancellable> waiting =
                                    millis ->
                                            fetch(
                                                    caller,
                                                    topic.partition(partition),
                                                    offset,
                                                    maxBytes,
                                                    minBytes,
                                                    millis,
                                                    reader,
                                                    answer::complete);
                            Cancellable read = waiting.apply(waitMillis);
                            // Whoever waits for records hears that there are none yet.
                            Runnable forget =
                                    draining.onClosing(
                                            () -> {
                                                read.cancel();
                                                var _ = waiting.apply(0);
                                            });
                            answer.onTermination(
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

    /** The offset of a place in the log; see {@link GatewayRuntime#position}. */
    public Cancellable listOffset(
            Caller caller,
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis,
            int waitMillis,
            Consumer<FetchOutcome> listener) {
        return runtime.position(
                partition,
                position,
                timestampMillis,
                TimeUnit.MILLISECONDS.toNanos(waitMillis),
                listener);
    }

    /** The offset of a place in the log; see {@link GatewayRuntime#position}. */
    public Uni<FetchOutcome.Position> listOffset(
            Caller caller,
            Topic topic,
            int partition,
            PartitionInput.Position position,
            long timestampMillis,
            int waitMillis) {
        return Uni.createFrom()
                .<FetchOutcome>emitter(
                        answer -> {
                            Cancellable read =
                                    listOffset(
                                            caller,
                                            topic.partition(partition),
                                            position,
                                            timestampMillis,
                                            waitMillis,
                                            answer::complete);
                            answer.onTermination(read::cancel);
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
