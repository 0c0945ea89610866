package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayDeque;

/**
 * How far one replica is in this epoch, on its present stream.
 *
 * <p>Invariants: {@link #logEnd} is -1 unless {@link Stage#JOINED}, so that nothing that was
 * acknowledged on another stream, or before reconciliation, ever counts; {@code logEnd <=
 * nextOffset}.
 */
final class ReplicaProgress {
    /** What is known, and awaited. */
    enum Stage {
        /** No open stream. */
        DOWN,
        /** Fence sent. */
        FENCING,
        /** Its log does not count: a new incarnation must be recorded. */
        LOST,
        /** A new incarnation is recorded, and the assignment sent. */
        ASSIGNING,
        /** Reconciliation sent. */
        JOINING,
        /** Refused for a reason that may pass: fence again at {@link #retryAt}. */
        PAUSED,
        /**
         * Reconciled: appends flow, from memory or, if it is far behind, from the leader's disk.
         */
        JOINED
    }

    private record Sent(long endOffset, int bytes) {}

    final NodeId node;
    Stage stage = Stage.DOWN;
    Incarnation incarnation = Incarnation.NONE;

    /** Whether the log that stands there is kept when it gets a new incarnation. */
    boolean keepLog;

    /** The damaged log that this owner has let go last; it may be whole by now. */
    private Incarnation letGo = Incarnation.NONE;

    /** Where that log ended, as long as it may be there; 0 when none is let go. */
    private long letGoEnd;

    /** Whether its node has said that no log stands there, and has not been asked again since. */
    boolean missing;

    /** Whether it has answered with a log that the state does not name; forgotten as above. */
    boolean unnamed;

    /** Whether it has answered with its log, and begins again only when the leader is there. */
    boolean awaitsLeader;

    /** Durable log end offset acknowledged since the join; -1 before it. */
    long logEnd = -1;

    /** Next offset to be sent. */
    long nextOffset;

    /** The read of a catch-up under way, 0 when none is. */
    long readRequest;

    /** Where that read ends at the latest. */
    long readUpTo;

    /** The offset that the read under way asked for. */
    long readOffset;

    /** The read whose turn it is, from the request until the replica holds its records; or 0. */
    long turn;

    /** Where the records of that turn end, as far as they were sent. */
    long turnUpTo;

    /** By {@link Context#now}. */
    long retryAt;

    /** When the leader may be asked again for what it could not give; by {@link Context#now}. */
    private long readAgainAt;

    private int readFailures;

    /** This and all other times by {@link Context#watched}. */
    long downSince;

    /** High watermark last told. */
    long toldHighWatermark;

    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();
    private long inFlightBytes;
    private int losses;

    /** The log that its node calls damaged; it matters while it is the one that is there. */
    private Incarnation damagedLog = Incarnation.NONE;

    /** The log in which the owner has come to such bytes itself: its node may not know of them. */
    private Incarnation corruptLog = Incarnation.NONE;

    private String damage = "";
    private boolean refusing;
    private long refusingSince;
    private boolean returned;
    private final FailedReads failedReads = new FailedReads();
    private final CatchUpReads catchUpReads = new CatchUpReads();
    private long caughtUpAt;
    private long markOffset;
    private long markAt;

    ReplicaProgress(NodeId node, long watched) {
        this.node = node;
        this.downSince = watched;
        this.caughtUpAt = watched;
    }

    void down(long watched) {
        enter(Stage.DOWN);
        downSince = watched;
    }

    /** Leaves the joined stage, if it was in it, for another. */
    void enter(Stage next) {
        stage = next;
        missing = false;
        unnamed = false;
        awaitsLeader = false;
        logEnd = -1;
        readRequest = 0;
        inFlight.clear();
        inFlightBytes = 0;
    }

    /** Its log is lost; each time in a row it waits longer for a new one, or another chance. */
    void lost(long now, long watched, long pauseNanos) {
        refusing(watched);
        retryAt = now + Math.min(losses, 25) * pauseNanos;
        losses++;
        enter(Stage.LOST);
    }

    /** Its log is damaged, and another is to take its place. */
    void letGo() {
        letGo = incarnation;
        letGoEnd = logEnd;
    }

    /** Its node answers with another log, or has none: what was let go is not there to be lost. */
    void nothingIsLetGo() {
        letGoEnd = 0;
    }

    /** Whether this owner itself has let go the log that is there. */
    boolean isLetGo() {
        return !letGo.equals(Incarnation.NONE) && letGo.equals(incarnation);
    }

    /** Where the log ended that another one takes the place of; 0 if that does not matter. */
    long letGoEnd() {
        return letGoEnd;
    }

    /** Its node says of a log that a part of it is lost, and that all else in it is in use. */
    void damaged(Incarnation log, String detail) {
        damagedLog = log;
        damage = detail;
    }

    /** A read of the log that is there came to bytes that are not what they were. */
    void readCorrupt(String detail) {
        corruptLog = incarnation;
        damage = detail;
    }

    /** The log that is there is kept under another name, and is as damaged as before. */
    void keptAs(Incarnation name) {
        damagedLog = incarnation.equals(damagedLog) ? name : damagedLog;
        corruptLog = incarnation.equals(corruptLog) ? name : corruptLog;
        incarnation = name;
    }

    /** Its node takes back what it has said of a log; not what the owner has read itself. */
    void whole(Incarnation log) {
        if (damagedLog.equals(log)) {
            damagedLog = Incarnation.NONE;
        }
    }

    /**
     * Whether a part of its log is lost. Its node says so to each stream and in each epoch, so this
     * is forgotten with the epoch, or when another log takes its place, or when the node takes it
     * back.
     */
    boolean isDamaged() {
        return !incarnation.equals(Incarnation.NONE)
                && (incarnation.equals(damagedLog) || incarnation.equals(corruptLog));
    }

    /** What is wrong with a log that is damaged, as its node says. */
    String damage() {
        return damage;
    }

    /** Whether it has said itself that its log is not the one that the state names, or is gone. */
    boolean hasLostItsLog() {
        return stage == Stage.LOST && !isDamaged();
    }

    /** It refused something: fence again after a pause. */
    void pause(long now, long watched, long pauseNanos) {
        refusing(watched);
        enter(Stage.PAUSED);
        retryAt = now + pauseNanos;
    }

    private void refusing(long watched) {
        if (!refusing) {
            refusing = true;
            refusingSince = watched;
        }
    }

    /** Whether it has refused what it was sent, and taken nothing, for so long. */
    boolean refuses(long watched, long graceNanos) {
        return refusing && watched - refusingSince >= graceNanos;
    }

    /** How much is read for it at a time. */
    CatchUpReads catchUpReads() {
        return catchUpReads;
    }

    /** What could not be read from its disk. */
    FailedReads failedReads() {
        return failedReads;
    }

    /**
     * Whether its disk, asked for the same again and again, has not given it for so long. It is
     * asked no more once another one leads, and counts as mended long after.
     *
     * @param apartNanos how far apart two failures are that say nothing together
     */
    boolean failsReads(long watched, long graceNanos, long apartNanos) {
        return failedReads.persist(watched, graceNanos, apartNanos);
    }

    /**
     * A stream to it is open again: what it lagged behind while nobody reached it says nothing of
     * it. Until it has joined only the first stream counts, so that one that breaks again and again
     * gives it no more time.
     */
    void returns(long watched) {
        if (!returned) {
            returned = true;
            caughtUpAt = watched;
        }
    }

    void joined(long end, long ownerEnd, long watched) {
        enter(Stage.JOINED);
        letGoEnd = 0;
        returned = false;
        losses = 0;
        failedReads.clear();
        catchUpReads.reset();
        refusing &= end < ownerEnd;
        logEnd = end;
        nextOffset = end;
        caughtUpAt = watched;
        markOffset = end;
        markAt = watched;
        toldHighWatermark = -1;
    }

    boolean isJoined() {
        return stage == Stage.JOINED;
    }

    void sent(long endOffset, int bytes) {
        inFlight.add(new Sent(endOffset, bytes));
        inFlightBytes += bytes;
        nextOffset = endOffset;
    }

    /**
     * First offset it will want from memory, whose oldest is {@code retained}: what follows the
     * read under way, or what is to be sent next. No bound when it is still far behind: a read that
     * ends before may wait for its turn for long, and what was kept for it would be of no use.
     *
     * @param readBytes bytes of a small read
     */
    long needsFrom(RetainedLog retained, int readBytes) {
        if (readRequest != 0) {
            long reach = catchUpReads.reach(readBytes, retained.offsetsIn(readBytes));
            return readUpTo - readOffset <= reach ? readUpTo : Long.MAX_VALUE;
        }
        return nextOffset >= retained.start() ? nextOffset : Long.MAX_VALUE;
    }

    /** The leader's disk did not give what it lacks: each time in a row it waits longer. */
    void readFailed(long now, long pauseNanos) {
        readFailures = Math.min(readFailures + 1, 25);
        readAgainAt = now + readFailures * pauseNanos;
    }

    /** The leader's disk has given what it lacked, or another one is to be asked. */
    void mayReadAgain() {
        readFailures = 0;
    }

    boolean mayRead(long now) {
        return readFailures == 0 || now - readAgainAt >= 0;
    }

    /** Whether the replica holds all that its turn brought, or will not. */
    boolean turnIsOver() {
        return turn != 0 && (!isJoined() || (readRequest == 0 && logEnd >= turnUpTo));
    }

    long inFlightBytes() {
        return inFlightBytes;
    }

    /** Takes in a cumulative acknowledgement; true if it says something new. */
    boolean acknowledged(long end, long ownerEnd, long watched) {
        InvariantBrokenException.check(
                end <= nextOffset,
                node + " acknowledged " + end + ", was sent up to " + nextOffset);
        if (end <= logEnd) {
            return false;
        }
        logEnd = end;
        refusing = false;
        for (Sent first = inFlight.peek();
                first != null && first.endOffset() <= end;
                first = inFlight.peek()) {
            inFlightBytes -= first.bytes();
            inFlight.remove();
        }
        if (end >= ownerEnd) {
            caughtUpAt = watched;
        } else if (end >= markOffset) {
            caughtUpAt = Math.max(caughtUpAt, markAt);
        }
        if (end >= markOffset) {
            markOffset = ownerEnd;
            markAt = watched;
        }
        return true;
    }

    /**
     * Whether it has not been at the log end offset at any time of the last {@code lagMaxNanos}.
     */
    boolean lags(long ownerEnd, long watched, long lagMaxNanos) {
        if (isJoined() && logEnd >= ownerEnd) {
            caughtUpAt = watched;
            return false;
        }
        return watched - caughtUpAt > lagMaxNanos;
    }

    /**
     * The durable log end offset of the log that {@code ref} names; -1 when that does not count.
     */
    long logEndOf(ReplicaRef ref) {
        return incarnation.equals(ref.incarnation()) ? logEnd : -1;
    }
}
