package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.Chunk;
import io.ackgate.gateway.error.FailureException;
import io.ackgate.gateway.error.Failures;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.v1.OffsetPosition;
import io.ackgate.v1.SubscribeResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Where a subscription stands in one partition. Finds its start, then reads, hands on and reads
 * again; what cannot be served now is asked for again. Confined to the stream's event loop.
 */
final class PartitionCursor {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_MILLIS = 100;

    private final Subscription subscription;
    private final int partition;
    private final SubscribePlan.Start start;

    /** The next offset to be read; -1 until it is known. */
    private long next = -1;

    /** With stopAtEnd: the first offset that is not wanted any more; -1 until it is known. */
    private long end = -1;

    /** Answers of a lower epoch come from an owner that has been followed by another. */
    private int leaderEpoch;

    private boolean reading;
    private int unsent;

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
        } else if (unsent <= 1) {
            read();
        }
    }

    /** An answer has gone out. */
    void sent() {
        unsent--;
        go();
    }

    private void findStart() {
        switch (start) {
            case SubscribePlan.Start.AtOffset(long offset) -> {
                next = offset;
                go();
            }
            case SubscribePlan.Start.At(OffsetPosition position) -> findStart(position);
            case SubscribePlan.Start.AtTimestamp(long millis) ->
                    ask(
                            Position.TIMESTAMP,
                            millis,
                            offset -> {
                                if (offset >= 0) {
                                    next = offset;
                                } else {
                                    // Nothing is as young yet: what comes from now on will be.
                                    findStart(OffsetPosition.OFFSET_POSITION_LATEST);
                                }
                            });
            case SubscribePlan.Start.AtCommitted(String group) -> findCommitted(group);
        }
    }

    private void findStart(OffsetPosition position) {
        ask(
                position == OffsetPosition.OFFSET_POSITION_LATEST
                        ? Position.LATEST
                        : Position.EARLIEST,
                0,
                offset -> next = offset);
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
                                                retry();
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
            findStart(subscription.plan.otherwise());
        }
    }

    private void ask(Position position, long timestampMillis, LongConsumer found) {
        reading = true;
        subscription.runtime.position(
                subscription.partition(partition),
                position,
                timestampMillis,
                WAIT_NANOS,
                outcome ->
                        subscription.turns.execute(
                                () -> {
                                    reading = false;
                                    if (outcome instanceof FetchOutcome.Position at) {
                                        found.accept(at.offset());
                                        go();
                                    } else {
                                        retry();
                                    }
                                }));
    }

    private void read() {
        reading = true;
        subscription.runtime.fetch(
                subscription.partition(partition),
                next,
                subscription.readBytes(),
                1,
                WAIT_NANOS,
                outcome -> subscription.turns.execute(() -> got(outcome)));
    }

    private void got(FetchOutcome outcome) {
        reading = false;
        if (!subscription.isOpen()) {
            return;
        }
        subscription.lookAtTopic();
        switch (outcome) {
            case FetchOutcome.Fetched old when old.leaderEpoch() < leaderEpoch -> retry();
            case FetchOutcome.Fetched fetched -> {
                leaderEpoch = fetched.leaderEpoch();
                handOn(fetched);
                go();
            }
            case FetchOutcome.OutOfRange old when old.leaderEpoch() < leaderEpoch -> retry();
            case FetchOutcome.OutOfRange outOfRange -> outOfRange(outOfRange);
            case FetchOutcome.Unavailable unavailable -> retry();
            case FetchOutcome.Position position ->
                    throw new IllegalStateException("a fetch was answered with " + position);
        }
    }

    private void handOn(FetchOutcome.Fetched fetched) {
        Chunk chunk;
        try {
            chunk = subscription.reader.read(fetched.frames(), next, subscription.plan.format());
        } catch (FailureException unreadable) {
            subscription.fail(unreadable);
            return;
        }
        next = chunk.nextOffset();
        if (chunk.isEmpty()) {
            return;
        }
        unsent++;
        subscription.emit(
                this,
                SubscribeResponse.newBuilder()
                        .setPartition(partition)
                        .addAllRecords(chunk.records())
                        .addAllRecordBatches(chunk.batches())
                        .setNextOffset(next)
                        .setHighWatermark(fetched.highWatermark())
                        .setLeaderEpoch(fetched.leaderEpoch())
                        .build());
    }

    private void outOfRange(FetchOutcome.OutOfRange outOfRange) {
        switch (subscription.plan.otherwise()) {
            case OFFSET_POSITION_EARLIEST -> {
                next = outOfRange.logStart();
                go();
            }
            case OFFSET_POSITION_LATEST -> {
                next = outOfRange.highWatermark();
                go();
            }
            case OFFSET_POSITION_UNSPECIFIED, UNRECOGNIZED ->
                    subscription.fail(Failures.of(outOfRange, next));
        }
    }

    private void retry() {
        reading = true;
        subscription.later(
                RETRY_MILLIS,
                () -> {
                    reading = false;
                    subscription.lookAtTopic();
                    go();
                });
    }
}
