package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import java.util.Map;
import java.util.TreeMap;

/**
 * What each epoch's owner has committed, and what it has told consumers of it: whoever ignores
 * answers of lower epochs than it has seen must never see the high watermark go back.
 */
final class HighWatermarks {
    private static final class OfEpoch {
        private long committed = -1;
        private long leastNamed = Long.MAX_VALUE;
        private long greatestNamed = -1;
    }

    private final TreeMap<Integer, OfEpoch> epochs = new TreeMap<>();

    /** An owner's high watermark has risen. */
    void committed(int epoch, long highWatermark) {
        OfEpoch mine = of(epoch);
        mine.committed = Math.max(mine.committed, highWatermark);
        for (Map.Entry<Integer, OfEpoch> higher : epochs.tailMap(epoch, false).entrySet()) {
            unless(
                    highWatermark <= higher.getValue().leastNamed,
                    Invariant.NOTHING_GOES_BACK,
                    () ->
                            "epoch %d commits up to %d after epoch %d has named %d"
                                    .formatted(
                                            epoch,
                                            highWatermark,
                                            higher.getKey(),
                                            higher.getValue().leastNamed));
        }
    }

    /** An owner tells its high watermark to a replica or a consumer. */
    void named(int epoch, long highWatermark) {
        for (Map.Entry<Integer, OfEpoch> lower : epochs.headMap(epoch, false).entrySet()) {
            unless(
                    highWatermark >= lower.getValue().committed,
                    Invariant.NOTHING_GOES_BACK,
                    () ->
                            "epoch %d names high watermark %d, epoch %d had committed up to %d"
                                    .formatted(
                                            epoch,
                                            highWatermark,
                                            lower.getKey(),
                                            lower.getValue().committed));
        }
        OfEpoch mine = of(epoch);
        unless(
                highWatermark >= mine.greatestNamed,
                Invariant.NOTHING_GOES_BACK,
                () ->
                        "epoch %d names high watermark %d after %d"
                                .formatted(epoch, highWatermark, mine.greatestNamed));
        mine.greatestNamed = highWatermark;
        mine.leastNamed = Math.min(mine.leastNamed, highWatermark);
    }

    /** The greatest offset that owners of these epochs, this one included, have committed. */
    long committedUpTo(int epoch) {
        long committed = 0;
        for (OfEpoch one : epochs.headMap(epoch, true).values()) {
            committed = Math.max(committed, one.committed);
        }
        return committed;
    }

    private OfEpoch of(int epoch) {
        return epochs.computeIfAbsent(epoch, e -> new OfEpoch());
    }
}
