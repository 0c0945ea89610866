package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.LogCut;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What may be done to a replica, by whom, and when not. */
final class ReplicaRequests {
    private final EngineContext context;
    private final LogChanges changes;
    private final LogCuts cuts;
    private final Appends appends;
    private final Queries queries;

    ReplicaRequests(EngineContext context) {
        this.context = context;
        this.changes = new LogChanges(context);
        this.cuts = new LogCuts(context, changes);
        this.appends = new Appends(context);
        this.queries = new Queries(context.lookups(), context.damaged());
    }

    /**
     * Returns false, with nothing done, while the replica is changing and the request must wait.
     */
    boolean handle(StreamSession session, StorageRequest request, long nowMillis, Answers out) {
        Replica replica = context.replicas().get(request.partition());
        if (request instanceof StorageRequest.Query query) {
            queries.handle(replica, session, query, out);
        } else if (replica == null) {
            missing(session, request, nowMillis, out);
        } else if (replica.changing()) {
            return false;
        } else if (!IndexWork.precedes(context, replica, session, request)) {
            handle(replica, session, request, nowMillis, out);
        }
        return true;
    }

    private void missing(
            StreamSession session, StorageRequest request, long nowMillis, Answers out) {
        PartitionId partition = request.partition();
        switch (request) {
            case StorageRequest.Assign assign -> {
                if (assign.keepLog()) {
                    // An empty log must not pass for the one that was to be kept.
                    out.answer(session, new StorageAnswer.Missing(partition, assign.epoch()));
                } else if (incarnationGiven(null, session, assign, out)) {
                    Replica replica = new Replica(context, partition);
                    context.replicas().put(partition, replica);
                    changes.assignNewLog(replica, session, assign);
                }
            }
            case StorageRequest.Delete delete ->
                    context.gone().delete(session, delete, nowMillis, out);
            case StorageRequest.AdvanceHighWatermark _ -> {}
            case StorageRequest.Fence _,
                    StorageRequest.Reconcile _,
                    StorageRequest.TruncateFullyAndStartAt _,
                    StorageRequest.Append _,
                    StorageRequest.Configure _,
                    StorageRequest.Query _ ->
                    out.answer(session, new StorageAnswer.Missing(partition, request.epoch()));
        }
    }

    private void handle(
            Replica replica,
            StreamSession session,
            StorageRequest request,
            long nowMillis,
            Answers out) {
        switch (request) {
            case StorageRequest.Append append ->
                    appends.append(replica, session, append, nowMillis, out);
            case StorageRequest.AdvanceHighWatermark advance -> {
                if (replica.reconciled(session, advance.epoch())) {
                    replica.raiseHighWatermark(advance.highWatermark());
                }
            }
            case StorageRequest.Fence fence -> {
                if (mayTakeOver(replica, session, fence.epoch(), out)) {
                    fence(replica, session, fence.epoch(), nowMillis, out);
                }
            }
            case StorageRequest.Assign assign -> assign(replica, session, assign, nowMillis, out);
            case StorageRequest.Reconcile reconcile ->
                    reconcile(replica, session, reconcile, nowMillis, out);
            case StorageRequest.TruncateFullyAndStartAt truncate ->
                    truncateFullyAndStartAt(replica, session, truncate, out);
            case StorageRequest.Configure configure ->
                    configure(replica, session, configure, nowMillis, out);
            case StorageRequest.Delete delete -> delete(replica, session, delete, nowMillis, out);
            case StorageRequest.Query _ ->
                    throw new IllegalStateException("queries are handled apart");
        }
    }

    private boolean mayTakeOver(Replica replica, StreamSession session, int epoch, Answers out) {
        Refusal objection = replica.objectionToTakeover(session, epoch);
        if (objection == null && !context.journal().roomForControl()) {
            objection = context.lackOfRoom();
        }
        if (objection != null) {
            replica.refuse(session, epoch, objection, "", out);
        }
        return objection == null;
    }

    private void fence(
            Replica replica, StreamSession session, int epoch, long nowMillis, Answers out) {
        if (epoch > replica.epoch()) {
            context.journal().add(new JournalRecord.Fenced(replica.partition(), epoch));
        }
        replica.takeOver(session, epoch);
        // As of now: what may be appended before the sync ends is not durable by it.
        StorageAnswer answer = replica.faulty() ? null : replica.fenced();
        context.whenDurable(
                replica,
                session,
                epoch,
                (now, answers) -> {
                    if (answer == null) {
                        replica.answerFaulty(session, epoch, answers);
                    } else {
                        answers.answer(session, answer);
                    }
                },
                nowMillis,
                out);
    }

    private void assign(
            Replica replica,
            StreamSession session,
            StorageRequest.Assign assign,
            long nowMillis,
            Answers out) {
        if (!mayTakeOver(replica, session, assign.epoch(), out)
                || !incarnationGiven(replica, session, assign, out)) {
            return;
        }
        boolean repeated = assign.incarnation().equals(replica.incarnation());
        // A faulty log is not kept under a new name: nobody knows what it lacks.
        if (repeated || (assign.keepLog() && replica.faulty())) {
            fence(replica, session, assign.epoch(), nowMillis, out);
        } else if (assign.keepLog()) {
            changes.assignKeptLog(replica, session, assign, nowMillis, out);
        } else {
            changes.assignNewLog(replica, session, assign);
        }
    }

    private boolean incarnationGiven(
            @Nullable Replica replica,
            StreamSession session,
            StorageRequest.Assign assign,
            Answers out) {
        if (!assign.incarnation().equals(Incarnation.NONE)) {
            return true;
        }
        out.answer(
                session,
                new StorageAnswer.Refused(
                        assign.partition(),
                        assign.epoch(),
                        Refusal.WRONG_INCARNATION,
                        replica == null ? 0 : replica.epoch(),
                        replica == null || replica.absent() ? 0 : replica.status().logEnd(),
                        "an assignment has to name an incarnation"));
        return false;
    }

    /** Whether a session may change the log; it has been answered if not. */
    private boolean mayChange(
            Replica replica,
            StreamSession session,
            int epoch,
            Incarnation incarnation,
            Answers out) {
        Refusal objection = replica.objection(session, epoch);
        if (objection == null && replica.faulty()) {
            replica.answerFaulty(session, epoch, out);
            return false;
        }
        boolean named = incarnation.equals(replica.incarnation());
        if (objection == null && (!named || incarnation.equals(Incarnation.NONE))) {
            objection = Refusal.WRONG_INCARNATION;
        }
        if (objection == null && !context.journal().roomForControl()) {
            objection = context.lackOfRoom();
        }
        if (objection != null) {
            replica.refuse(session, epoch, objection, "holds " + replica.incarnation(), out);
        }
        return objection == null;
    }

    private void reconcile(
            Replica replica,
            StreamSession session,
            StorageRequest.Reconcile reconcile,
            long nowMillis,
            Answers out) {
        int epoch = reconcile.epoch();
        if (!mayChange(replica, session, epoch, reconcile.incarnation(), out)) {
            return;
        }
        PartitionLog log = replica.log();
        if (reconcile.truncateTo() > log.logEnd()) {
            replica.refuse(session, epoch, Refusal.GAP, "ends before the cut", out);
        } else if (reconcile.truncateTo() == log.logEnd()) {
            replica.reconcile();
            StorageAnswer answer =
                    new StorageAnswer.Reconciled(
                            replica.partition(), epoch, replica.incarnation(), log.logEnd());
            context.whenDurable(
                    replica,
                    session,
                    epoch,
                    (now, answers) -> {
                        context.damaged().reconciled(replica, answers);
                        answers.answer(session, answer);
                    },
                    nowMillis,
                    out);
        } else {
            cut(replica, session, reconcile, out);
        }
    }

    private void cut(
            Replica replica,
            StreamSession session,
            StorageRequest.Reconcile reconcile,
            Answers out) {
        PartitionLog log = replica.log();
        String unsafe = null;
        if (replica.reconciled(session, reconcile.epoch())) {
            unsafe = "this session has reconciled";
        } else if (log.chain().lastEpoch() >= reconcile.epoch()) {
            unsafe = "epoch " + log.chain().lastEpoch() + " wrote what would be removed";
        } else if (reconcile.truncateTo() < replica.highWatermark()) {
            unsafe = "the high watermark is " + replica.highWatermark();
        }
        try {
            LogCut cut = unsafe == null ? log.planCut(reconcile.truncateTo()) : null;
            if (cut != null && cut.logEnd() < replica.highWatermark()) {
                unsafe = "a batch that begins at " + cut.logEnd() + " would go";
            }
            if (cut == null || unsafe != null) {
                String why = unsafe == null ? "" : unsafe;
                replica.refuse(session, reconcile.epoch(), Refusal.UNSAFE_TRUNCATION, why, out);
            } else {
                cuts.cut(replica, session, reconcile, cut);
            }
        } catch (IOException e) {
            Unreadable.answer(
                    context, replica, session, reconcile.epoch(), "finding the cut", e, out);
        }
    }

    private void truncateFullyAndStartAt(
            Replica replica,
            StreamSession session,
            StorageRequest.TruncateFullyAndStartAt request,
            Answers out) {
        int epoch = request.epoch();
        if (!mayChange(replica, session, epoch, request.incarnation(), out)) {
            return;
        }
        PartitionLog log = replica.log();
        long start = request.startOffset();
        // What lies below the start is gone at the leader, by retention, and was committed. What
        // lies at or above it is in the way only if nobody relies on it.
        boolean unsafe =
                start < log.logEnd()
                        && (start < replica.highWatermark() || log.chain().lastEpoch() >= epoch);
        if (replica.reconciled(session, epoch)) {
            replica.refuse(
                    session, epoch, Refusal.UNSAFE_TRUNCATION, "this session has reconciled", out);
        } else if (unsafe) {
            replica.refuse(
                    session,
                    epoch,
                    Refusal.UNSAFE_TRUNCATION,
                    "the log goes on behind " + start,
                    out);
        } else {
            changes.truncateFullyAndStartAt(replica, session, request);
        }
    }

    /** Whether the epoch may administer the replica; it has been answered if not. */
    private boolean mayAdminister(Replica replica, StreamSession session, int epoch, Answers out) {
        Refusal objection = null;
        if (epoch < replica.epoch()) {
            objection = Refusal.STALE_EPOCH;
        } else if (epoch > replica.epoch()) {
            objection = Refusal.NOT_FENCED;
        } else if (!context.journal().roomForControl()) {
            objection = context.lackOfRoom();
        }
        if (objection != null) {
            replica.refuse(session, epoch, objection, "", out);
        }
        return objection == null;
    }

    private void configure(
            Replica replica,
            StreamSession session,
            StorageRequest.Configure configure,
            long nowMillis,
            Answers out) {
        int epoch = configure.epoch();
        if (!mayAdminister(replica, session, epoch, out)) {
            return;
        }
        if (replica.faulty()) {
            replica.answerFaulty(session, epoch, out);
            return;
        }
        changes.syncIfJournaledFromNow(
                replica,
                session,
                epoch,
                configure.settings(),
                (now, answers) -> configured(replica, session, configure, now, answers),
                nowMillis,
                out);
    }

    private void configured(
            Replica replica,
            StreamSession session,
            StorageRequest.Configure configure,
            long nowMillis,
            Answers out) {
        ReplicaSettings before = replica.settings();
        context.journal()
                .add(new JournalRecord.Configured(replica.partition(), configure.settings()));
        replica.settings(configure.settings());
        changes.settleIfJournaledFromNow(replica, before);
        context.whenDurable(
                replica,
                session,
                configure.epoch(),
                (now, answers) ->
                        answers.answer(
                                session,
                                new StorageAnswer.Configured(
                                        replica.partition(), configure.epoch())),
                nowMillis,
                out);
    }

    private void delete(
            Replica replica,
            StreamSession session,
            StorageRequest.Delete delete,
            long nowMillis,
            Answers out) {
        int epoch = delete.epoch();
        if (!mayAdminister(replica, session, epoch, out)) {
            return;
        }
        context.journal().add(new JournalRecord.Deleted(replica.partition()));
        context.remove(replica);
        replica.retire();
        String directory = LogDirectory.path(replica.partition(), replica.logSerial());
        context.whenDurable(
                replica,
                session,
                epoch,
                (now, answers) -> {
                    answers.answer(session, new StorageAnswer.Deleted(replica.partition(), epoch));
                    context.retire(replica.usableLog(), directory);
                },
                nowMillis,
                out);
    }
}
