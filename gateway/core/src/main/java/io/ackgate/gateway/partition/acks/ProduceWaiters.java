package io.ackgate.gateway.partition.acks;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Callers whose batch is in the log and whose acks is not fulfilled yet.
 *
 * <p>Those of fresh batches wait in the order of their offsets; retries that joined a batch already
 * in the log wait beside them, since theirs may be anywhere.
 */
final class ProduceWaiters {
    /**
     * One caller.
     *
     * @param baseOffset what it is told: -1 for a batch too old to know its offset
     * @param endOffset what has to be durable, or committed, before it is told
     */
    record Waiter(
            long token,
            Acks acks,
            long deadlineNanos,
            long baseOffset,
            long endOffset,
            boolean duplicate) {}

    /** A caller that wants to know each step. */
    private record Tracked(Waiter waiter, Set<NodeId> persisted) {}

    private final Context context;
    private final ArrayDeque<Waiter> leaderOnly = new ArrayDeque<>();
    private final ArrayDeque<Waiter> all = new ArrayDeque<>();
    private final List<Waiter> joined = new ArrayList<>();
    private final List<Tracked> tracked = new ArrayList<>();

    /**
     * Tokens of waiters whose callers have gone. They leave the queues when they are met, or when
     * as many have gone as are left.
     */
    private final Set<Long> cancelled = new HashSet<>();

    private long nextDeadline = Long.MAX_VALUE;

    ProduceWaiters(Context context) {
        this.context = context;
    }

    /** When the first of them has waited long enough, or before; the greatest when none waits. */
    public long nextDeadline() {
        return queued() == 0 ? Long.MAX_VALUE : nextDeadline;
    }

    /** Callers that wait. */
    public int size() {
        return queued() - cancelled.size();
    }

    private int queued() {
        return leaderOnly.size() + all.size() + joined.size();
    }

    /** A caller has gone. */
    public boolean cancel(long token) {
        if (queued() == 0) {
            return false;
        }
        cancelled.add(token);
        tracked.removeIf(one -> one.waiter().token() == token);
        if (cancelled.size() * 2 >= queued()) {
            leaderOnly.removeIf(waiter -> cancelled.contains(waiter.token()));
            all.removeIf(waiter -> cancelled.contains(waiter.token()));
            joined.removeIf(waiter -> cancelled.contains(waiter.token()));
            cancelled.clear();
        }
        return true;
    }

    public void add(Waiter waiter, boolean isTracked) {
        if (waiter.duplicate()) {
            joined.add(waiter);
        } else {
            (waiter.acks() == Acks.ALL ? all : leaderOnly).add(waiter);
        }
        if (isTracked) {
            tracked.add(new Tracked(waiter, new HashSet<>()));
        }
        nextDeadline =
                nextDeadline == Long.MAX_VALUE || waiter.deadlineNanos() - nextDeadline < 0
                        ? waiter.deadlineNanos()
                        : nextDeadline;
    }

    /** Ends the waits for acks=1 of what the leader holds up to {@code leaderEnd}. */
    void persistedByLeader(long leaderEnd, Answers answers) {
        drain(leaderOnly, leaderEnd, answers);
        drainJoined(Acks.LEADER, leaderEnd, answers);
    }

    /** Ends the waits for acks=all of what is below the high watermark. */
    public void committed(long highWatermark, Answers answers) {
        tracked.removeIf(one -> toldCommitted(one, highWatermark));
        drain(all, highWatermark, answers);
        drainJoined(Acks.ALL, highWatermark, answers);
    }

    /**
     * The last step: an acks=1 wait may go on after it, while a change of the leader is pending.
     */
    private boolean toldCommitted(Tracked one, long highWatermark) {
        boolean committed = one.waiter().endOffset() <= highWatermark;
        if (committed) {
            progress(one, new ProduceStep.Committed(highWatermark));
        }
        return committed;
    }

    /** Tells those who want to know that a replica holds everything below {@code logEnd}. */
    public void persisted(NodeId node, boolean leader, long logEnd) {
        for (Tracked one : tracked) {
            if (one.waiter().endOffset() <= logEnd && one.persisted().add(node)) {
                progress(one, new ProduceStep.Persisted(node, leader));
            }
        }
    }

    /** How a fulfilled wait is put into words. */
    interface Answers {
        ProduceOutcome written(Waiter waiter);
    }

    private void drain(ArrayDeque<Waiter> waiters, long upTo, Answers answers) {
        for (Waiter first = waiters.peek();
                first != null && first.endOffset() <= upTo;
                first = waiters.peek()) {
            waiters.remove();
            end(first, answers.written(first));
        }
    }

    private void drainJoined(Acks acks, long upTo, Answers answers) {
        if (joined.isEmpty()) {
            return;
        }
        endIf(
                joined.iterator(),
                waiter -> waiter.acks() == acks && waiter.endOffset() <= upTo,
                answers);
    }

    /**
     * Ends the waits for acks=all, of fresh batches and of retries that joined one: the ISR fell
     * below min.insync.replicas.
     */
    void notEnoughReplicas(String detail) {
        Answers afterAppend =
                waiter ->
                        new ProduceOutcome.Failed(
                                ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                                detail);
        endIf(all.iterator(), waiter -> true, afterAppend);
        endIf(joined.iterator(), waiter -> waiter.acks() == Acks.ALL, afterAppend);
    }

    /** Ends every wait, because this gateway does not own the partition any more. */
    public void stop(String reason) {
        Answers stopped =
                waiter ->
                        new ProduceOutcome.Failed(
                                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                                "the batch may be in the log of some replicas and its owner"
                                        + " stopped: "
                                        + reason
                                        + "; a retry with the same sequence is safe");
        endIf(leaderOnly.iterator(), waiter -> true, stopped);
        endIf(all.iterator(), waiter -> true, stopped);
        endIf(joined.iterator(), waiter -> true, stopped);
    }

    public void expire(String detail) {
        if (nextDeadline == Long.MAX_VALUE || nextDeadline - context.now > 0) {
            return;
        }
        Answers timedOut =
                waiter ->
                        new ProduceOutcome.Failed(
                                ErrorCode.REQUEST_TIMED_OUT,
                                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                                detail);
        Predicate<Waiter> due = waiter -> waiter.deadlineNanos() - context.now <= 0;
        endIf(leaderOnly.iterator(), due, timedOut);
        endIf(all.iterator(), due, timedOut);
        endIf(joined.iterator(), due, timedOut);
        nextDeadline = Long.MAX_VALUE;
        leaderOnly.forEach(this::considerDeadline);
        all.forEach(this::considerDeadline);
        joined.forEach(this::considerDeadline);
    }

    private void considerDeadline(Waiter waiter) {
        if (nextDeadline == Long.MAX_VALUE || waiter.deadlineNanos() - nextDeadline < 0) {
            nextDeadline = waiter.deadlineNanos();
        }
    }

    private void endIf(Iterator<Waiter> waiters, Predicate<Waiter> which, Answers answers) {
        while (waiters.hasNext()) {
            Waiter waiter = waiters.next();
            if (which.test(waiter)) {
                waiters.remove();
                end(waiter, answers.written(waiter));
            }
        }
    }

    private void end(Waiter waiter, ProduceOutcome outcome) {
        if (!cancelled.isEmpty() && cancelled.remove(waiter.token())) {
            return;
        }
        if (!tracked.isEmpty()) {
            tracked.removeIf(one -> one.waiter().token() == waiter.token());
        }
        context.complete(waiter.token(), outcome);
    }

    private void progress(Tracked one, ProduceStep step) {
        context.emit(new PartitionEffect.Progress(one.waiter().token(), step));
    }
}
