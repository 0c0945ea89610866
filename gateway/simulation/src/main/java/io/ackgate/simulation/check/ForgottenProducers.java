package io.ackgate.simulation.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Owners that say that they have forgotten a producer. What an owner's clock showed when it said so
 * is not seen; it was no later than what it stamps its next batch with.
 */
final class ForgottenProducers {
    /** A producer of which an owner knew this batch; its log had this end when it forgot it. */
    private record Forgotten(int epoch, Placement last, long logEnd) {}

    private final Sequences sequences;
    private final List<Forgotten> toldOf = new ArrayList<>();

    ForgottenProducers(Sequences sequences) {
        this.sequences = sequences;
    }

    /**
     * @param epoch of the owner that says so
     * @param last a batch of the producer in its log
     * @param logEnd of the owner, which goes on from there
     */
    void forgotten(int epoch, Placement last, long logEnd) {
        toldOf.add(new Forgotten(epoch, last, logEnd));
    }

    /** An owner puts a batch of its own into the log. */
    void placed(Placement placement) {
        toldOf.removeIf(one -> one.epoch() < placement.epoch());
        for (Forgotten one : toldOf) {
            Violation.unless(
                    !isLater(placement, one)
                            || sequences.mayExpire(
                                    one.last().appendMillis(), placement.appendMillis()),
                    Invariant.SILENT_PRODUCERS_ARE_FORGOTTEN,
                    () ->
                            "the owner of epoch %d has forgotten who wrote %s at %d, and writes %s at %d"
                                    .formatted(
                                            one.epoch(),
                                            one.last(),
                                            one.last().appendMillis(),
                                            placement,
                                            placement.appendMillis()));
        }
        toldOf.removeIf(one -> isLater(placement, one));
    }

    /** Whether an owner has appended a batch after it said that it has forgotten one. */
    private static boolean isLater(Placement placement, Forgotten one) {
        return placement.epoch() == one.epoch() && placement.baseOffset() >= one.logEnd();
    }
}
