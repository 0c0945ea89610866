package io.ackgate.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a partition has committed: the batches below the greatest high watermark that any owner ever
 * had. It only grows; it is the log that everybody must agree with for ever.
 */
final class Truth {
    private final List<Placement> log = new ArrayList<>();
    private final Map<Long, Placement> byBase = new HashMap<>();
    private final Sequences sequences;
    private long end;

    Truth(Sequences sequences) {
        this.sequences = sequences;
    }

    /** What of it is of idempotent producers. */
    Sequences sequences() {
        return sequences;
    }

    long end() {
        return end;
    }

    List<Placement> log() {
        return log;
    }

    /** The batch that starts at an offset, null if none does. */
    @Nullable Placement at(long baseOffset) {
        return byBase.get(baseOffset);
    }

    /** The batch that holds an offset, null if none does. */
    @Nullable Placement holding(long offset) {
        int low = 0;
        int high = log.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Placement one = log.get(middle);
            if (offset < one.baseOffset()) {
                high = middle - 1;
            } else if (offset >= one.endOffset()) {
                low = middle + 1;
            } else {
                return one;
            }
        }
        return null;
    }

    /** Commits the next batch. */
    void commit(Placement next) {
        Violation.unless(
                next.baseOffset() == end,
                Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                () -> next + " is committed where " + end + " comes next");
        Batch batch = next.batch();
        Placement before = batch.committed();
        Violation.unless(
                before == null,
                batch.producer().isIdempotent()
                        ? Invariant.SEQUENCE_STANDS_ONCE_IN_ORDER
                        : Invariant.WRITTEN_AT_MOST_ONCE,
                () -> next + " is committed and stands at " + before + " already");
        if (batch.producer().isIdempotent()) {
            sequences.commit(next);
        }
        batch.commit(next);
        log.add(next);
        byBase.put(next.baseOffset(), next);
        end = next.endOffset();
    }
}
