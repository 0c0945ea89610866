package io.ackgate.simulation.check;

import io.ackgate.storage.api.Incarnation;
import java.util.HashSet;
import java.util.Set;

/** What one replica has promised by its answers; kept beyond crashes, void with its disk. */
final class Promises {
    private int fencedEpoch;
    private Incarnation answered = Incarnation.NONE;
    private final Set<Incarnation> excused = new HashSet<>();

    /** The greatest epoch that it has promised itself to. */
    int fencedEpoch() {
        return fencedEpoch;
    }

    void fenced(int epoch) {
        fencedEpoch = Math.max(fencedEpoch, epoch);
    }

    /** It has spoken for this log: from now on nothing but an excuse lets it give it up. */
    void spokeFor(Incarnation incarnation) {
        answered = incarnation;
    }

    /** Something has happened to the disk that may cost it the log it has. */
    void excuse(Incarnation incarnation) {
        excused.add(incarnation);
    }

    boolean mustKeep(Incarnation incarnation) {
        return incarnation.equals(answered)
                && !incarnation.equals(Incarnation.NONE)
                && !excused.contains(incarnation);
    }

    /** The disk is another one. */
    void forget() {
        fencedEpoch = 0;
        answered = Incarnation.NONE;
    }
}
