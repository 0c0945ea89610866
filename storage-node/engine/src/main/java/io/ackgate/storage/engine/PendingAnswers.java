package io.ackgate.storage.engine;

import org.jspecify.annotations.Nullable;

/** What one replica has waiting in group commits. */
final class PendingAnswers {
    /** The acknowledgement that later appends of the same group raise. */
    private @Nullable Acknowledgement acknowledgement;

    private @Nullable SyncWaiters acknowledgementGroup;

    /** The group commit with which the last change of promises or settings becomes durable. */
    private @Nullable SyncWaiters pendingChange;

    /**
     * Where what was acknowledged of the log ends; what was found at a start counts. A sync that
     * fails may lose everything behind it, and nothing before.
     */
    private long acknowledgedEnd;

    long acknowledgedEnd() {
        return acknowledgedEnd;
    }

    /** Everything up to there is durable, or as durable as {@code page-cache} asks for. */
    void acknowledged(long logEnd) {
        acknowledgedEnd = Math.max(acknowledgedEnd, logEnd);
    }

    /** The log now ends there: it is another one, or was cut. */
    void beginAt(long logEnd) {
        acknowledgedEnd = logEnd;
    }

    /** The acknowledgement that waits in a group for the session that has the replica in hand. */
    @Nullable Acknowledgement acknowledgementIn(SyncWaiters group) {
        Acknowledgement waiting = acknowledgement;
        boolean there = waiting != null && acknowledgementGroup == group && waiting.current();
        return there ? waiting : null;
    }

    void acknowledgementIn(SyncWaiters group, Acknowledgement waiting) {
        acknowledgement = waiting;
        acknowledgementGroup = group;
    }

    void changeIn(SyncWaiters group) {
        pendingChange = group;
    }

    void changeDurable(SyncWaiters group) {
        if (pendingChange == group) {
            pendingChange = null;
        }
    }

    /** Whether a change of promises or settings is not durable yet. */
    boolean changing() {
        return pendingChange != null;
    }
}
