package io.ackgate.storage.engine;

import org.jspecify.annotations.Nullable;

/** What one replica has waiting in group commits. */
final class PendingAnswers {
    /** The acknowledgement that later appends of the same group raise. */
    private @Nullable Acknowledgement acknowledgement;

    private @Nullable SyncWaiters acknowledgementGroup;

    /** The group commit with which the last change of promises or settings becomes durable. */
    private @Nullable SyncWaiters pendingChange;

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
