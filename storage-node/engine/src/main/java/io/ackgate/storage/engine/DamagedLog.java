package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.log.LogScrub;
import io.ackgate.storage.log.PartitionLog;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A log in which bytes are lost: where, as far as is known, and who has been told. */
final class DamagedLog {
    /** To whom it was said, and of which log: one that is kept may get another incarnation. */
    private record Told(StreamSession owner, int epoch, Incarnation incarnation) {}

    private final PartitionLog log;
    private Fault fault;
    private String detail;

    /** All places that are known stand below this offset. */
    private long below;

    /**
     * From this offset on a look at the log has found everything whole, and it came to the end of
     * the log; no offset is as great as long as there was none. At or above {@link #below}.
     */
    private long wholeFrom = Long.MAX_VALUE;

    /** Up to which the log has been asked to be looked at, since retention has passed that. */
    private long askedUpTo;

    /** When a read came to it last, by {@link DamagedLogs#met}. */
    private long met;

    private @Nullable Told told;

    /** Segments of which the operator has heard, by the names of their files. */
    private final Set<String> known = new HashSet<>();

    DamagedLog(PartitionLog log, long below, Fault fault, String detail) {
        this.log = log;
        this.below = below;
        this.fault = fault;
        this.detail = detail;
    }

    PartitionLog log() {
        return log;
    }

    String detail() {
        return detail;
    }

    /** As the journal and checkpoints have it. */
    ReplicaEntry.Damage entry() {
        return new ReplicaEntry.Damage(fault, below);
    }

    /**
     * The scrubber has come to a place in a segment. The last place of the log is the one that is
     * told of, since retention takes it last.
     *
     * @return whether the operator has not heard of that segment yet
     */
    boolean found(String path, long placeBelow, Fault why, String what) {
        if (placeBelow >= below) {
            fault = why;
            detail = what;
        }
        also(placeBelow);
        return known.add(path);
    }

    /** A read has come to a place. */
    void read(long placeBelow, long now) {
        met = now;
        also(placeBelow);
    }

    private void also(long placeBelow) {
        below = Math.max(below, placeBelow);
        if (placeBelow > wholeFrom) {
            // It was whole when that was said: what else has turned over since is not known.
            wholeFrom = Long.MAX_VALUE;
        }
    }

    /**
     * Whether a look has come to every place that is known, and no read came to one meanwhile.
     *
     * @param since {@link DamagedLogs#met} at the beginning of the look
     * @param upTo see {@link LogScrub#lookedUpTo}
     */
    boolean seen(long since, long upTo) {
        return met <= since && below <= upTo;
    }

    /** A look has come to the end of the log, and whatever it found is known. */
    void wholeFrom(long offset) {
        wholeFrom = Math.max(below, offset);
    }

    /** Whether retention, or a leader's log start, has passed all that is lost of the log. */
    boolean deleted() {
        return wholeFrom <= log.logStart();
    }

    /**
     * Whether the log start has passed all places that are known, and no look tells whether there
     * are others behind it. Says so once of each place.
     */
    boolean takeToBeLookedAt() {
        boolean passed = below <= log.logStart() && askedUpTo < below;
        if (passed) {
            askedUpTo = below;
        }
        return passed;
    }

    /** Tells the owner, unless it knows. */
    void tell(Replica replica, Answers out) {
        StreamSession owner = replica.reconciledBy();
        if (owner == null) {
            return;
        }
        Told now = new Told(owner, replica.epoch(), replica.incarnation());
        if (now.equals(told)) {
            return;
        }
        told = now;
        out.answer(
                owner,
                new StorageAnswer.Damaged(
                        replica.partition(),
                        replica.epoch(),
                        replica.incarnation(),
                        fault,
                        detail));
    }

    /** It is whole, which the owner has to hear that was told the contrary. */
    void takeBack(Replica replica, WholeLogs whole) {
        if (told != null) {
            whole.add(replica, log, told.epoch(), told.incarnation());
        }
    }
}
