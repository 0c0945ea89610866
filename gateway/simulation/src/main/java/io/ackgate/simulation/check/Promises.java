package io.ackgate.simulation.check;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StreamSession;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one replica has promised by its answers; kept beyond crashes, void with its disk. */
final class Promises {
    private int fencedEpoch;
    private Incarnation answered = Incarnation.NONE;
    private final Set<Incarnation> excused = new HashSet<>();
    private final Set<Fence> fences = new HashSet<>();

    /** The greatest start of a log that it ever answered for. */
    private long spokenStart;

    private @Nullable Stream reconciled;

    /** A stream, and the epoch in which a replica was reconciled on it. */
    private record Stream(StreamSession session, int epoch) {}

    /** An answer to a fence. That it was given stays true, whatever becomes of the disk. */
    private record Fence(int epoch, Incarnation incarnation) {}

    /** The greatest epoch that it has promised itself to. */
    int fencedEpoch() {
        return fencedEpoch;
    }

    void fenced(int epoch, Incarnation incarnation) {
        fencedEpoch = Math.max(fencedEpoch, epoch);
        fences.add(new Fence(epoch, incarnation));
    }

    /** The session that fences last has the replica; it writes again once it has reconciled. */
    void nobodyWrites() {
        reconciled = null;
    }

    void reconciled(StreamSession session, int epoch) {
        reconciled = new Stream(session, epoch);
    }

    boolean mayWrite(StreamSession session, int epoch) {
        return new Stream(session, epoch).equals(reconciled);
    }

    boolean hasAnswered(int epoch, Incarnation incarnation) {
        return fences.contains(new Fence(epoch, incarnation));
    }

    /** It has spoken for this log: from now on nothing but an excuse lets it give it up. */
    void spokeFor(Incarnation incarnation, long logStart) {
        answered = incarnation;
        spokenStart = Math.max(spokenStart, logStart);
    }

    /**
     * Whether it has answered for a log that begins behind a batch: retention had deleted it. That
     * it has stays true, whatever becomes of the disk.
     */
    boolean beganBehind(Placement placement) {
        return placement.endOffset() <= spokenStart;
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
