package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.partition.FetchOutcome;
import org.jspecify.annotations.Nullable;

/** What must be true of the positions that owners name. */
final class Positions {
    private Positions() {}

    static void named(PartitionWatch watch, PositionAsked asked, FetchOutcome.Position answer) {
        switch (asked.position()) {
            case EARLIEST -> watch.requireStart("an owner", answer.offset());
            case LATEST -> watch.highWatermarks().named(answer.leaderEpoch(), answer.offset());
            case TIMESTAMP -> {
                if (!watch.anyDecayed()) {
                    found(watch, asked, answer);
                }
            }
        }
    }

    /** The first record that is as young as the timestamp, of those that retention has left. */
    private static void found(
            PartitionWatch watch, PositionAsked asked, FetchOutcome.Position answer) {
        long timestamp = asked.timestampMillis();
        if (answer.offset() >= 0) {
            Placement holds = watch.truth().holding(answer.offset());
            unless(
                    holds != null
                            && holds.timestampAt(answer.offset()) == answer.timestampMillis()
                            && answer.timestampMillis() >= timestamp,
                    Invariant.POSITION_IS_TRUE,
                    () -> "%s is answered %s, there stands %s".formatted(asked, answer, holds));
        }
        long end = answer.offset() >= 0 ? answer.offset() : asked.committed();
        Placement earlier = firstAsYoung(watch, timestamp, end);
        unless(
                earlier == null,
                Invariant.POSITION_IS_TRUE,
                () -> "%s is answered %s, earlier stands %s".formatted(asked, answer, earlier));
    }

    private static @Nullable Placement firstAsYoung(
            PartitionWatch watch, long timestamp, long end) {
        for (Placement one : watch.truth().log()) {
            if (one.baseOffset() >= end) {
                return null;
            }
            for (long offset = Math.max(one.baseOffset(), watch.greatestStart());
                    offset < Math.min(one.endOffset(), end);
                    offset++) {
                if (one.timestampAt(offset) >= timestamp) {
                    return one;
                }
            }
        }
        return null;
    }
}
