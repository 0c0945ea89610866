package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayDeque;

/**
 * How far one replica is in this epoch, on its present stream.
 *
 * <p>Whatever was acknowledged on another stream, or before reconciliation, never counts: leaving
 * {@link Stage#RECONCILED} forgets it. The transitions between the stages are the methods named
 * {@code to...}; each refuses a stage from which it makes no sense.
 */
public final class ReplicaProgress {
    /** What its node has answered of a log that is lost. */
    enum LostLog {
        /** Nothing yet, or that it is faulty: it may be whole. */
        UNHEARD,
        /** That no log stands there. */
        MISSING,
        /** One that is not to be named: to the next owner it would prove the leader's log wrong. */
        CONTRARY,
        /** Another one than the state names. */
        UNNAMED
    }

    private record Sent(long endOffset, int bytes) {}

    private final NodeId node;
    private Stage stage = Stage.DOWN;

    /** What its node has answered since it was asked last. */
    private LostLog lostLog = LostLog.UNHEARD;

    /** Whether it is paused until the leader is there, and has answered with its log. */
    private boolean awaitsLeader;

    /**
     * Durable log end offset acknowledged since it was reconciled; -1 unless reconciled. Only ever
     * grows.
     */
    private long logEnd = -1;

    /** Next offset to be sent; at least {@link #logEnd}. */
    private long nextOffset;

    /** When it is asked again, if it is paused or lost; by {@link Context#now}. */
    private long retryAt;

    /** Since when it is down, if it is; by {@link Context#watched}. */
    private long downSince;

    /** High watermark last told on this stream; -1 if none was. */
    private long toldHighWatermark;

    /** What was sent and is not acknowledged, in the order of the offsets, up to nextOffset. */
    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();

    /** Bytes of {@link #inFlight}. */
    private long inFlightBytes;

    /** How often in a row its log was lost; 0 after it has reconciled. */
    private int losses;

    /** Whether it has refused something and taken nothing since. */
    private boolean refusing;

    /** Since when it refuses, if it does; by {@link Context#watched}. */
    private long refusingSince;

    private final StandingLog log = new StandingLog();
    private final CatchUpTurn catchUp = new CatchUpTurn();
    private final FailedReads failedReads = new FailedReads();
    private final LagClock lag;

    /** A replica whose stream is down since now. */
    ReplicaProgress(NodeId node, long watched) {
        this.node = node;
        this.downSince = watched;
        this.lag = new LagClock(watched);
    }

    public NodeId node() {
        return node;
    }

    public Stage stage() {
        return stage;
    }

    public boolean isReconciled() {
        return stage == Stage.RECONCILED;
    }

    // ---- transitions

    /** Its stream has ended, or there is none. */
    public void toDown(long watched) {
        enter(Stage.DOWN);
        downSince = watched;
    }

    /** A fence is sent on its open stream, whatever was known of it before. */
    void toFencing(long watched) {
        if (stage == Stage.DOWN) {
            lag.returns(watched);
        }
        enter(Stage.FENCING);
    }

    /** The takeover that began the epoch has fenced it on its open stream. */
    public void toFenced() {
        from(stage == Stage.DOWN, Stage.FENCING);
        enter(Stage.FENCING);
    }

    /** Its log is lost, and the new incarnation that is recorded for it is sent. */
    void toAssigning() {
        from(stage == Stage.LOST, Stage.ASSIGNING);
        enter(Stage.ASSIGNING);
    }

    /** It has answered a fence or an assignment, with the log that is named. */
    void toReconciling() {
        from(isFencing(), Stage.RECONCILING);
        enter(Stage.RECONCILING);
    }

    /** It has been cut to the owner's log, and holds it up to {@code end}. */
    void toReconciled(long end, long ownerEnd, long watched) {
        from(stage == Stage.RECONCILING, Stage.RECONCILED);
        enter(Stage.RECONCILED);
        log.reconciled();
        losses = 0;
        failedReads.clear();
        catchUp.sizes().reset();
        refusing &= end < ownerEnd;
        logEnd = end;
        nextOffset = end;
        lag.reconciled(end, watched);
        toldHighWatermark = -1;
    }

    /** Its log is lost; each time in a row it waits longer for a new one, or another chance. */
    void toLost(boolean keep, long now, long watched, long pauseNanos) {
        from(stage != Stage.DOWN, Stage.LOST);
        refusing(watched);
        retryAt = now + Math.min(losses, 25) * pauseNanos;
        losses++;
        enter(Stage.LOST);
        log.keep(keep);
    }

    /** It refused something: fence again after a pause. */
    void toPaused(long now, long watched, long pauseNanos) {
        from(stage != Stage.DOWN, Stage.PAUSED);
        refusing(watched);
        enter(Stage.PAUSED);
        retryAt = now + pauseNanos;
    }

    /** It has answered with its log, and can go on only when the leader is there. */
    void toPausedForLeader(long now, long watched, long pauseNanos) {
        toPaused(now, watched, pauseNanos);
        awaitsLeader = true;
    }

    private void from(boolean legal, Stage next) {
        if (!legal) {
            throw new InvariantBrokenException(
                    "%s was %s and is to be %s".formatted(node, stage, next));
        }
    }

    /** Leaves the reconciled stage, if it was in it, and forgets what its stream has brought. */
    private void enter(Stage next) {
        stage = next;
        lostLog = LostLog.UNHEARD;
        awaitsLeader = false;
        logEnd = -1;
        catchUp.ended();
        inFlight.clear();
        inFlightBytes = 0;
    }

    private void refusing(long watched) {
        if (!refusing) {
            refusing = true;
            refusingSince = watched;
        }
    }

    // ---- what it answered, and what that says of its log

    /** Whether the answer to a fence, or to an assignment, is awaited. */
    boolean isFencing() {
        return stage == Stage.FENCING || stage == Stage.ASSIGNING;
    }

    /** Whether its stream is down for so long. */
    public boolean isDown(long watched, long graceNanos) {
        return stage == Stage.DOWN && watched - downSince >= graceNanos;
    }

    /** Whether it is paused, or its log is lost, and it has waited for so long beyond its pause. */
    public boolean hasWaited(long now, long beyondNanos) {
        return (stage == Stage.PAUSED || stage == Stage.LOST) && now - retryAt >= beyondNanos;
    }

    /** The log that stands there. */
    public StandingLog log() {
        return log;
    }

    /** Its node has answered that its log does not count: what it said before is void. */
    void forgetLog() {
        lostLog = LostLog.UNHEARD;
        log.isGone();
    }

    /** Its log is lost, and its node has answered what there is of it. */
    void found(LostLog answered) {
        lostLog = answered;
    }

    /** Whether its node has said that no log stands there. */
    public boolean isMissing() {
        return lostLog == LostLog.MISSING;
    }

    /** Whether it has answered with a log that the state does not name, and may name. */
    public boolean isUnnamed() {
        return lostLog == LostLog.UNNAMED;
    }

    /** Whether its node has answered with a log that is lost, or that there is none. */
    public boolean hasShownWhatIsLost() {
        return lostLog != LostLog.UNHEARD;
    }

    /** Whether it has answered with its log, and begins again only when the leader is there. */
    public boolean awaitsLeader() {
        return awaitsLeader;
    }

    /** Whether a part of the log that is there is lost. */
    public boolean isDamaged() {
        return log.isDamaged();
    }

    /** Whether it has said itself that its log is not the one that the state names, or is gone. */
    public boolean hasLostItsLog() {
        return stage == Stage.LOST && !isDamaged();
    }

    /** Whether it has refused what it was sent, and taken nothing, for so long. */
    public boolean refuses(long watched, long graceNanos) {
        return refusing && watched - refusingSince >= graceNanos;
    }

    // ---- append and acknowledge

    /** Durable log end offset acknowledged since it was reconciled; -1 unless reconciled. */
    public long logEnd() {
        return logEnd;
    }

    /**
     * The durable log end offset of the log that {@code ref} names; -1 when that does not count.
     */
    public long logEndOf(ReplicaRef ref) {
        return log.incarnation().equals(ref.incarnation()) ? logEnd : -1;
    }

    /** Next offset to be sent. */
    public long nextOffset() {
        return nextOffset;
    }

    long inFlightBytes() {
        return inFlightBytes;
    }

    /** A batch that follows what was sent before is sent, and with it a high watermark. */
    void sent(long endOffset, int bytes, long highWatermark) {
        inFlight.add(new Sent(endOffset, bytes));
        inFlightBytes += bytes;
        nextOffset = endOffset;
        toldHighWatermark = highWatermark;
    }

    /** Whether it has been told a high watermark, or a greater one. */
    boolean knows(long highWatermark) {
        return toldHighWatermark >= highWatermark;
    }

    /** It is told a high watermark. */
    public void told(long highWatermark) {
        toldHighWatermark = highWatermark;
    }

    /** Takes in a cumulative acknowledgement; true if it says something new. */
    public boolean acknowledged(long end, long ownerEnd, long watched) {
        if (end > nextOffset) {
            throw new InvariantBrokenException(
                    "%s acknowledged %d, was sent up to %d".formatted(node, end, nextOffset));
        }
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
        lag.acknowledged(end, ownerEnd, watched);
        return true;
    }

    /** It is looked at: if it is at the log end offset, it was caught up now. */
    public void lookedAt(long ownerEnd, long watched) {
        if (isReconciled() && logEnd >= ownerEnd) {
            lag.isCaughtUp(watched);
        }
    }

    /**
     * Whether it has not been at the log end offset at any time of the last {@code lagMaxNanos}.
     */
    public boolean lags(long ownerEnd, long watched, long lagMaxNanos) {
        return !(isReconciled() && logEnd >= ownerEnd) && lag.isBehindFor(watched, lagMaxNanos);
    }

    // ---- reads from the leader's disk, for it

    /** How it catches up. */
    public CatchUpTurn catchUp() {
        return catchUp;
    }

    /** Whether the replica holds all that its turn brought, or will not. */
    boolean turnIsOver() {
        return catchUp.isOver(isReconciled(), logEnd);
    }

    /**
     * First offset it will want from memory, whose oldest is {@code retained}: what follows the
     * read under way, or what is to be sent next. No bound when it is still far behind: a read that
     * ends before may wait for its turn for long, and what was kept for it would be of no use.
     *
     * @param readBytes bytes of a small read
     */
    long needsFrom(RetainedLog retained, int readBytes) {
        return catchUp.needsFrom(nextOffset, retained, readBytes);
    }

    // ---- reads from its own disk

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
    public boolean failsReads(long watched, long graceNanos, long apartNanos) {
        return failedReads.persist(watched, graceNanos, apartNanos);
    }
}
