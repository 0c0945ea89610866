package io.ackgate.gateway.partition.replicas;

import io.ackgate.storage.api.Incarnation;

/**
 * The log that stands at a replica, as its node's answers tell: which it is, and what it is worth.
 */
public final class StandingLog {
    /** The log that answered last; NONE while none is known that counts. */
    private Incarnation incarnation = Incarnation.NONE;

    /** Whether its records are kept when it gets a new incarnation. */
    private boolean keep;

    /** The damaged log that this owner has let go last; it may be whole by now. */
    private Incarnation discarded = Incarnation.NONE;

    /** What that log must have, as long as it may be there; 0 when none is let go. */
    private long discardedEnd;

    /** Where the owner's log ended when the replica last ceased to lead; 0 if it has not led. */
    private long ledUpTo;

    /** By its last answer. */
    private int lackedEpoch;

    private final Damage damage = new Damage();

    public Incarnation incarnation() {
        return incarnation;
    }

    /** It has answered a fence or an assignment. */
    public void answered(Incarnation log) {
        incarnation = log;
    }

    /** Its answer is compared with the leader's log; 0 if that lacks nothing of it. */
    void lackedFrom(int epoch) {
        lackedEpoch = epoch;
    }

    /** The epoch of the first of its records that the leader's log lacks; 0 if none is shown. */
    int lackedEpoch() {
        return lackedEpoch;
    }

    /** No log stands there that counts. */
    void isGone() {
        discardedEnd = 0;
        incarnation = Incarnation.NONE;
    }

    /** The replica is reconciled with the log that stands there. */
    public void reconciled() {
        discardedEnd = 0;
    }

    /** Whether its records are kept when it gets a new incarnation. */
    public boolean isKept() {
        return keep;
    }

    /** Its records are, or are not, kept when it gets a new incarnation. */
    public void keep(boolean kept) {
        keep = kept;
    }

    /** Another replica leads from now on, and alone completes what waits for the leader. */
    void ceasedToLead(long ownerEnd) {
        ledUpTo = ownerEnd;
    }

    /**
     * How much of it may be acknowledged with acks=1 for its sake, if it ends at {@code logEnd}.
     * What it has taken since it led is not: it may be ahead of all others for as long as there is
     * something to take.
     */
    public long acknowledgedAsLeader(long logEnd) {
        return Math.min(logEnd, ledUpTo);
    }

    /** The log is damaged, and the owner puts another one in its place. */
    void discarded(long logEnd) {
        discarded = incarnation;
        discardedEnd = acknowledgedAsLeader(logEnd);
    }

    /** Whether this owner itself has let go the log that is there. */
    boolean isDiscarded() {
        return !discarded.equals(Incarnation.NONE) && discarded.equals(incarnation);
    }

    /** What another log must hold that takes the place of this one; 0 if that does not matter. */
    public long discardedEnd() {
        return discardedEnd;
    }

    /** What is known of damage to the replica's logs. */
    Damage damage() {
        return damage;
    }

    /** Whether a part of it is lost. */
    public boolean isDamaged() {
        return damage.isIn(incarnation);
    }

    /** The log is kept under another incarnation, and is as damaged as before. */
    void keptAs(Incarnation name) {
        damage.goesOnAs(incarnation, name);
        incarnation = name;
    }
}
