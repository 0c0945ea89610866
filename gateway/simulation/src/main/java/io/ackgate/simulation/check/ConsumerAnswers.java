package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.record.BatchFrame;
import java.nio.ByteBuffer;

/** What must be true when a consumer is told something. */
final class ConsumerAnswers {
    private ConsumerAnswers() {}

    static void fetched(PartitionWatch watch, long offset, FetchOutcome outcome) {
        switch (outcome) {
            case FetchOutcome.Fetched(var frames, long logStart, long highWatermark, int epoch) -> {
                watch.requireStart("an owner", logStart);
                if (highWatermark >= 0) {
                    watch.highWatermarks().named(epoch, highWatermark);
                }
                seen(watch, offset, frames);
            }
            case FetchOutcome.Position position -> {
                // Judged by what was asked: see Positions.
            }
            case FetchOutcome.OutOfRange(long logStart, long highWatermark, int epoch) ->
                    outOfRange(watch, offset, logStart, highWatermark, epoch);
            case FetchOutcome.Throttled throttled -> {
                // Says nothing about the log.
            }
            case FetchOutcome.Unavailable unavailable -> {
                // Nothing was said.
            }
        }
    }

    private static void outOfRange(
            PartitionWatch watch, long offset, long logStart, long highWatermark, int epoch) {
        watch.requireStart("an owner", logStart);
        if (highWatermark >= 0) {
            watch.highWatermarks().named(epoch, highWatermark);
        }
        long committed = watch.highWatermarks().committedUpTo(epoch);
        unless(
                offset < logStart || offset > committed,
                Invariant.NOTHING_GOES_BACK,
                () ->
                        "offset %d is answered out of range [%d, %d), up to epoch %d %d is committed"
                                .formatted(offset, logStart, highWatermark, epoch, committed));
    }

    private static void seen(PartitionWatch watch, long offset, ByteBuffer frames) {
        long next = -1;
        int position = frames.position();
        while (position < frames.limit()) {
            Placement placement = watch.placements().known("an answer", frames, position);
            long expected = next;
            unless(
                    next < 0
                            ? placement.baseOffset() <= offset && offset < placement.endOffset()
                            : placement.baseOffset() == expected,
                    Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                    () -> "a fetch from " + offset + " gives " + placement + " after " + expected);
            unless(
                    watch.truth().at(placement.baseOffset()) == placement,
                    Invariant.NOTHING_GOES_BACK,
                    () ->
                            "a consumer sees %s, committed is %s, up to %d"
                                    .formatted(
                                            placement,
                                            watch.truth().at(placement.baseOffset()),
                                            watch.truth().end()));
            next = placement.endOffset();
            position += BatchFrame.frameLength(frames, position);
        }
    }
}
