package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.DecodedRecords;
import io.ackgate.gateway.consume.FrameDecoder;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscription stands in one partition. Finds its start, then reads, hands on and reads
 * again; what cannot be served now is asked for again. Confined to the stream's event loop.
 */
final class PartitionCursor {
    /**
     * A read that waits costs nothing: it is woken by the next record, or by the partition's
     * leaving this gateway.
     */
    private static final long READ_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final long POSITION_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_MILLIS = 100;
    private static final long THROTTLED_MILLIS = 1_000;

    private final Subscription subscription;
    private final int partition;
    private final SubscribePlan.Start start;

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
    private @Nullable FrameDecoder reader;

    PartitionCursor(Subscription subscription, int partition, SubscribePlan.Start start) {
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
            case SubscribePlan.Start.AtOffset(long offset) -> {
                next = offset;
                go();
            }
            case SubscribePlan.Start.At(OffsetSpec position) -> findStart(position);
            case SubscribePlan.Start.AtTimestamp(long millis) ->
                    ask(
                            Position.TIMESTAMP,
                            millis,
                            offset -> {
                                if (offset >= 0) {
                                    next = offset;
                                } else {
                                    // Nothing is as young yet: what comes from now on will be.
                                    findStart(OffsetSpec.OFFSET_SPEC_LATEST);
                                }
                            });
            case SubscribePlan.Start.AtCommitted(String group) -> findCommitted(group);
        }
    }

    private void findStart(OffsetSpec position) {
        ask(
                position == OffsetSpec.OFFSET_SPEC_LATEST ? Position.LATEST : Position.EARLIEST,
                0,
                offset -> {
                    next = offset;
                    atEarliest = position != OffsetSpec.OFFSET_SPEC_LATEST;
                });
    }

    private void findCommitted(String group) {
        reading = true;
        subscription
                .committed
                .get(group, subscription.partition(partition))
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
            findStart(subscription.plan.autoOffsetReset());
        }
    }

    private void ask(Position position, long timestampMillis, LongConsumer found) {
        reading = true;
        underWay =
                subscription.runtime.position(
                        subscription.partition(partition),
                        position,
                        timestampMillis,
                        POSITION_WAIT_NANOS,
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
                subscription.runtime.fetch(
                        subscription.partition(partition),
                        next,
                        subscription.readBytes(),
                        1,
                        READ_WAIT_NANOS,
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

    /**
     * Sends as much of what is read as one answer may hold, and reads on once all is sent.
     *
     * @return whether something is left
     */
    boolean send() {
        FetchOutcome.Fetched fetched = ahead;
        if (fetched == null) {
            return false;
        }
        FrameDecoder opened = reader;
        if (opened == null) {
            opened =
                    new FrameDecoder(
                            fetched.frames(),
                            next,
                            subscription.plan.format(),
                            subscription.plan.skipUnreadable());
            reader = opened;
        }
        DecodedRecords chunk;
        try {
            subscription.reserve(opened.bytesBeyondFrames(subscription.answerBytes()));
            chunk = opened.read(FrameDecoder.Bound.ofBytes(subscription.answerBytes()));
        } catch (FailureException unreadable) {
            drop();
            subscription.fail(unreadable);
            return false;
        }
        next = chunk.nextOffset();
        if (!chunk.isEmpty()) {
            atEarliest = false;
            subscription.emit(response(chunk, fetched));
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

    /** What was read is held no more. */
    private void drop() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        if (ahead != null) {
            subscription.memory().hold(-ahead.frames().remaining());
            ahead = null;
        }
    }

    private SubscribeResponse response(DecodedRecords chunk, FetchOutcome.Fetched fetched) {
        SubscribeResponse.Builder response =
                SubscribeResponse.newBuilder()
                        .setPartition(partition)
                        .addAllRecords(chunk.records())
                        .addAllRecordBatches(chunk.batches())
                        .addAllSkippedBatches(chunk.skipped())
                        .setNextOffset(chunk.nextOffset())
                        .setLeaderEpoch(fetched.leaderEpoch());
        if (fetched.highWatermark() >= 0) {
            response.setHighWatermark(fetched.highWatermark());
        }
        return response.build();
    }

    private void outOfRange(FetchOutcome.OutOfRange outOfRange) {
        switch (subscription.plan.autoOffsetReset()) {
            case OFFSET_SPEC_EARLIEST -> goOnAt(outOfRange.logStart());
            case OFFSET_SPEC_LATEST -> ask(Position.LATEST, 0, offset -> next = offset);
            case OFFSET_SPEC_UNSPECIFIED, UNRECOGNIZED -> {
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
