package io.ackgate.gateway.consume;

import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.runtime.Cancellable;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription stands in one partition. Finds its start, then reads, hands on and reads
 * again; what cannot be served now is asked for again. Confined to the stream's event loop.
 */
final class PartitionCursor<R> {
    /**
     * A read that waits costs nothing: it is woken by the next record, or by the partition's
     * leaving this gateway.
     */
    private static final int READ_WAIT_MILLIS = (int) TimeUnit.HOURS.toMillis(1);

    private static final int OFFSET_WAIT_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 100;
    private static final long THROTTLED_MILLIS = 1_000;

    private final Subscription<R> subscription;
    private final int partition;
    private final SubscriptionPlan.Start start;

    /** The next offset to be read; -1 until it is known. */
    private long next = -1;

    /** With stopAtEnd: the first offset that is not wanted any more; -1 until it is known. */
    private long end = -1;

    /** Answers of a lower epoch come from an owner that has been followed by another. */
    private int leaderEpoch;

    /** Whether it has begun at the log's start, and read nothing yet. */
    private boolean atEarliest;

    private boolean reading;
    private @Nullable Cancellable underWay;

    /** What is read and not sent, or not all of it. */
    private FetchOutcome.@Nullable Fetched ahead;

    /** Takes that apart; null until the first answer is made of it. */
    private @Nullable FrameDecoder<R> decoder;

    /** Whether the decoder is at work, and perhaps on another thread: it is not to be touched. */
    private boolean making;

    PartitionCursor(Subscription<R> subscription, int partition, SubscriptionPlan.Start start) {
        this.subscription = subscription;
        this.partition = partition;
        this.start = start;
    }

    boolean isFinished() {
        return end >= 0 && next >= end;
    }

    /** Does what is to be done next, if anything is. */
    void go() {
        if (!subscription.isOpen() || reading) {
            return;
        }
        if (next < 0) {
            findStart();
        } else if (subscription.plan.stopAtEnd() && end < 0) {
            ask(Position.LATEST, 0, offset -> end = offset);
        } else if (isFinished()) {
            subscription.finished();
        } else if (ahead == null) {
            read();
        }
    }

    /** Nobody waits for the read under way, or for what is read. */
    void cancel() {
        if (underWay != null) {
            underWay.cancel();
            underWay = null;
        }
        drop();
    }

    private void findStart() {
        switch (start) {
            case SubscriptionPlan.Start.AtOffset(long offset) -> {
                next = offset;
                go();
            }
            case SubscriptionPlan.Start.Earliest() -> findEarliest();
            case SubscriptionPlan.Start.Latest() -> findLatest();
            case SubscriptionPlan.Start.AtTimestamp(long millis) ->
                    ask(
                            Position.TIMESTAMP,
                            millis,
                            offset -> {
                                if (offset >= 0) {
                                    next = offset;
                                } else {
                                    // Nothing is as young yet: what comes from now on will be.
                                    findLatest();
                                }
                            });
            case SubscriptionPlan.Start.AtCommitted(String group) -> findCommitted(group);
        }
    }

    private void findEarliest() {
        ask(
                Position.EARLIEST,
                0,
                offset -> {
                    next = offset;
                    atEarliest = true;
                });
    }

    private void findLatest() {
        ask(
                Position.LATEST,
                0,
                offset -> {
                    next = offset;
                    atEarliest = false;
                });
    }

    private void findCommitted(String group) {
        reading = true;
        subscription
                .commits
                .committed(subscription.caller, group, subscription.partition(partition))
                .whenComplete(
                        (found, failed) ->
                                subscription.turns.execute(
                                        () -> {
                                            reading = false;
                                            if (failed != null) {
                                                retry(RETRY_MILLIS);
                                            } else {
                                                startAt(found);
                                            }
                                        }));
    }

    private void startAt(Optional<CommittedOffsets.Position> committed) {
        if (committed.isPresent()) {
            next = committed.get().offset();
            go();
        } else {
            switch (subscription.plan.autoOffsetReset()) {
                case LATEST -> findLatest();
                case EARLIEST, NONE -> findEarliest();
            }
        }
    }

    private void ask(Position position, long timestampMillis, LongConsumer found) {
        reading = true;
        underWay =
                subscription.reads.listOffset(
                        subscription.caller,
                        subscription.partition(partition),
                        position,
                        timestampMillis,
                        OFFSET_WAIT_MILLIS,
                        outcome ->
                                subscription.turns.execute(
                                        () -> {
                                            reading = false;
                                            if (outcome instanceof FetchOutcome.Position at) {
                                                found.accept(at.offset());
                                                go();
                                            } else {
                                                retry(RETRY_MILLIS);
                                            }
                                        }));
    }

    private void read() {
        reading = true;
        underWay =
                subscription.reads.fetch(
                        subscription.caller,
                        subscription.partition(partition),
                        next,
                        subscription.readBytes(),
                        1,
                        READ_WAIT_MILLIS,
                        subscription.memory(),
                        outcome -> subscription.turns.execute(() -> got(outcome)));
    }

    private void got(FetchOutcome outcome) {
        reading = false;
        if (!subscription.isOpen()) {
            return;
        }
        subscription.lookAtTopic();
        switch (outcome) {
            case FetchOutcome.Fetched old when old.leaderEpoch() < leaderEpoch -> {
                subscription.memory().hold(-old.frames().remaining());
                retry(RETRY_MILLIS);
            }
            case FetchOutcome.Fetched fetched -> {
                leaderEpoch = fetched.leaderEpoch();
                ahead = fetched;
                subscription.toSend(this);
            }
            case FetchOutcome.OutOfRange old when old.leaderEpoch() < leaderEpoch ->
                    retry(RETRY_MILLIS);
            case FetchOutcome.OutOfRange outOfRange -> outOfRange(outOfRange);
            case FetchOutcome.Unavailable unavailable -> retry(RETRY_MILLIS);
            case FetchOutcome.Throttled throttled -> retry(THROTTLED_MILLIS);
            case FetchOutcome.Position position ->
                    throw new IllegalStateException("a fetch was answered with " + position);
        }
    }

    /** What has become of an answer that was to be made; it is looked at on the event loop. */
    interface Made {
        /**
         * Sends it, and reads on once all that was read is sent.
         *
         * @return whether something is left
         */
        boolean send();
    }

    /**
     * Opens what is read, if it is not open. {@link #make} follows, and then {@link Made#send}.
     *
     * @return whether taking it apart takes long, as it is compressed
     */
    boolean open() {
        FetchOutcome.Fetched fetched = Objects.requireNonNull(ahead, "nothing is read");
        FrameDecoder<R> opened = decoder;
        if (opened == null) {
            opened =
                    new FrameDecoder<>(
                            fetched.frames(),
                            next,
                            subscription.plan.format(),
                            subscription.plan.skipUnreadable(),
                            subscription.maker);
            decoder = opened;
        }
        subscription.reserve(opened.bytesBeyondFrames(subscription.answerBytes()));
        making = true;
        return opened.mayGrow();
    }

    /** Takes as much of what is read apart as one answer may hold. Any thread. */
    Made make() {
        FetchOutcome.Fetched fetched = Objects.requireNonNull(ahead, "nothing is read");
        FrameDecoder<R> opened = Objects.requireNonNull(decoder, "nothing is open");
        try {
            DecodedRecords<R> chunk =
                    opened.read(FrameDecoder.Bound.ofBytes(subscription.answerBytes()));
            return () -> send(opened, chunk, fetched);
        } catch (FailureException unreadable) {
            return () -> {
                leave();
                subscription.fail(unreadable.failure());
                return false;
            };
        } catch (RuntimeException | Error bug) {
            return () -> {
                leave();
                throw bug;
            };
        }
    }

    /** Nobody waits for the answer any more. */
    Made notMade() {
        return () -> {
            leave();
            return false;
        };
    }

    private void leave() {
        making = false;
        drop();
    }

    private boolean send(
            FrameDecoder<R> opened, DecodedRecords<R> chunk, FetchOutcome.Fetched fetched) {
        if (!subscription.isOpen()) {
            leave();
            return false;
        }
        making = false;
        next = chunk.nextOffset();
        if (!chunk.isEmpty()) {
            atEarliest = false;
            subscription.send(partition, chunk, fetched);
        }
        if (!chunk.isEmpty() && !opened.isFinished()) {
            subscription.reserve(opened.bytesBeyondFrames(subscription.answerBytes()));
            return true;
        }
        drop();
        subscription.reserve(0);
        go();
        return false;
    }

    /** What was read is held no more; where it is being taken apart, once that is done. */
    private void drop() {
        if (making) {
            return;
        }
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
        if (ahead != null) {
            subscription.memory().hold(-ahead.frames().remaining());
            ahead = null;
        }
    }

    private void outOfRange(FetchOutcome.OutOfRange outOfRange) {
        switch (subscription.plan.autoOffsetReset()) {
            case EARLIEST -> goOnAt(outOfRange.logStart());
            case LATEST -> ask(Position.LATEST, 0, offset -> next = offset);
            case NONE -> {
                if (atEarliest) {
                    // Retention has moved the log's start since it was asked for.
                    goOnAt(outOfRange.logStart());
                } else {
                    subscription.fail(Failures.of(outOfRange, next));
                }
            }
        }
    }

    private void goOnAt(long logStart) {
        if (next == logStart) {
            // What is said to begin here cannot be read here: not before something changes.
            retry(RETRY_MILLIS);
        } else {
            next = logStart;
            go();
        }
    }

    private void retry(long pauseMillis) {
        reading = true;
        subscription.later(
                pauseMillis,
                () -> {
                    reading = false;
                    subscription.lookAtTopic();
                    go();
                });
    }
}
