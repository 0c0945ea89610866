package io.ackgate.storage.engine;

import io.ackgate.storage.api.StreamSession;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who waits for one group commit. */
final class SyncWaiters {
    /** What is to be done when everything that was journaled before is durable. */
    interface Waiter {
        void durable(long nowMillis, Answers out);
    }

    /**
     * Something waiting.
     *
     * @param session that is told if the sync fails, if any
     * @param epoch of the request
     * @param wasFaulty whether the replica was faulty already when the request was handled
     */
    private record Waiting(
            Replica replica,
            @Nullable StreamSession session,
            int epoch,
            Waiter waiter,
            boolean wasFaulty) {

        boolean overtakenByFault() {
            return replica.faulty() && !wasFaulty;
        }
    }

    private final List<Acknowledgement> acks = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Told, whatever becomes of the sync, that requests hold no memory for it any more. */
    private final List<Runnable> settlements = new ArrayList<>();

    boolean isEmpty() {
        return acks.isEmpty() && waiting.isEmpty();
    }

    void add(Acknowledgement ack) {
        acks.add(ack);
    }

    void add(Replica replica, @Nullable StreamSession session, int epoch, Waiter waiter) {
        waiting.add(new Waiting(replica, session, epoch, waiter, replica.faulty()));
    }

    void settles(Runnable settlement) {
        settlements.add(settlement);
    }

    void durable(long nowMillis, Answers out) {
        settlements.forEach(Runnable::run);
        waiting.forEach(one -> one.replica().pending().changeDurable(this));
        // An owner that reconciled and appended at once hears of the reconcile first.
        for (Waiting one : waiting) {
            if (one.overtakenByFault()) {
                one.replica().answerFaulty(one.session(), one.epoch(), out);
            } else {
                one.waiter().durable(nowMillis, out);
            }
        }
        for (Acknowledgement ack : acks) {
            ack.send(out);
        }
    }

    /** The replicas of which something that was journaled may be lost. */
    Set<Replica> replicas() {
        Set<Replica> replicas = new LinkedHashSet<>();
        acks.forEach(ack -> replicas.add(ack.replica()));
        waiting.forEach(one -> replicas.add(one.replica()));
        return replicas;
    }

    /**
     * Tells those who asked for something that it may be lost; their replicas are faulty by now.
     */
    void failed(Answers out) {
        settlements.forEach(Runnable::run);
        for (Waiting one : waiting) {
            one.replica().answerFaulty(one.session(), one.epoch(), out);
        }
    }
}
