package io.ackgate.storage.engine;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest.Assign;
import io.ackgate.storage.api.StorageRequest.TruncateFullyAndStartAt;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.LogBeginning;
import io.ackgate.storage.log.LogFlush;
import io.ackgate.storage.log.LogTrim;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Replacing logs, and syncing them before a change. Each takes several steps, some beside the
 * engine's thread; the replica's other requests wait until it is done.
 */
final class LogChanges {
    private final EngineContext context;

    LogChanges(EngineContext context) {
        this.context = context;
    }

    /** A log that is not the replica's any more once the journal says so. */
    private record Replaced(@Nullable PartitionLog log, String directory) {}

    private Replaced replaced(Replica replica) {
        return new Replaced(
                replica.usableLog(), LogDirectory.path(replica.partition(), replica.logSerial()));
    }

    private void retire(@Nullable Replaced replaced) {
        if (replaced != null) {
            context.retire(replaced.log(), replaced.directory());
        }
    }

    /** Gives the replica a new empty log under the incarnation asked for. */
    void assignNewLog(Replica replica, StreamSession session, Assign request) {
        context.creations()
                .create(
                        replica,
                        session,
                        request.epoch(),
                        LogBeginning.FIRST,
                        (serial, log, nowMillis, out) -> {
                            assign(replica, session, request, serial, log, nowMillis, out);
                            replica.endChange();
                        });
    }

    /** Gives the log that stands there the incarnation asked for. */
    void assignKeptLog(
            Replica replica, StreamSession session, Assign request, long nowMillis, Answers out) {
        ReplicaSettings before = replica.settings();
        syncIfJournaledFromNow(
                replica,
                session,
                request.epoch(),
                request.settings(),
                (now, answers) -> {
                    PartitionLog log = replica.log();
                    assign(replica, session, request, replica.logSerial(), log, now, answers);
                    settleIfJournaledFromNow(replica, before);
                },
                nowMillis,
                out);
    }

    private void assign(
            Replica replica,
            StreamSession session,
            Assign request,
            long serial,
            PartitionLog log,
            long nowMillis,
            Answers out) {
        Incarnation incarnation = request.incarnation();
        Replaced replaced = serial == replica.logSerial() ? null : replaced(replica);
        context.journal()
                .add(
                        new JournalRecord.Assigned(
                                replica.partition(),
                                request.epoch(),
                                incarnation,
                                serial,
                                request.settings()));
        context.gone().forget(replica.partition());
        replica.assigned(incarnation, request.settings(), serial, log);
        replica.takeOver(session, request.epoch());
        StorageAnswer answer = replica.fenced();
        context.whenDurable(
                replica,
                session,
                request.epoch(),
                (now, answers) -> {
                    answers.answer(session, answer);
                    retire(replaced);
                },
                nowMillis,
                out);
    }

    /** Reconciles with an empty log that begins further on. */
    void truncateFullyAndStartAt(
            Replica replica, StreamSession session, TruncateFullyAndStartAt request) {
        context.creations()
                .create(
                        replica,
                        session,
                        request.epoch(),
                        new LogBeginning(request.startOffset(), request.producers()),
                        (serial, log, nowMillis, out) -> {
                            Replaced replaced = replaced(replica);
                            context.journal()
                                    .add(
                                            new JournalRecord.Restarted(
                                                    replica.partition(),
                                                    serial,
                                                    request.startOffset()));
                            replica.restarted(serial, log);
                            reconciled(replica, session, request.epoch(), replaced, nowMillis, out);
                        });
    }

    private void reconciled(
            Replica replica,
            StreamSession session,
            int epoch,
            @Nullable Replaced replaced,
            long nowMillis,
            Answers out) {
        boolean stillTheirs = replica.objection(session, epoch) == null;
        StorageAnswer answer =
                new StorageAnswer.Reconciled(
                        replica.partition(), epoch, replica.incarnation(), replica.log().logEnd());
        if (stillTheirs) {
            replica.reconcile();
        }
        context.whenDurable(
                replica,
                session,
                epoch,
                (now, answers) -> {
                    if (stillTheirs) {
                        context.damaged().reconciled(replica, answers);
                        answers.answer(session, answer);
                    }
                    retire(replaced);
                },
                nowMillis,
                out);
        replica.endChange();
    }

    /** Ends a cut: the log is that of the owner who asked for it. */
    void cut(Replica replica, StreamSession session, int epoch, long nowMillis, Answers out) {
        reconciled(replica, session, epoch, null, nowMillis, out);
    }

    /** What follows once a log is synced. */
    interface Then {
        void run(long nowMillis, Answers out);
    }

    /**
     * Before a change of settings: what a log appended in {@code page-cache} the journal does not
     * have, so that it is synced before the journal is relied upon for what follows. That is done
     * beside the engine's thread, and the replica's other requests wait.
     */
    void syncIfJournaledFromNow(
            Replica replica,
            StreamSession session,
            int epoch,
            ReplicaSettings next,
            Then then,
            long nowMillis,
            Answers out) {
        if (replica.journaled() || next.durability() != Durability.FSYNC) {
            then.run(nowMillis, out);
        } else {
            context.addUrgentWork(new SyncWork(replica, session, epoch, then));
        }
    }

    private final class SyncWork implements BackgroundWork.Work {
        private final Replica replica;
        private final StreamSession session;
        private final int epoch;
        private final Then then;
        private final int change;
        private final PartitionLog log;
        private final LogFlush flush;

        SyncWork(Replica replica, StreamSession session, int epoch, Then then) {
            this.replica = replica;
            this.session = session;
            this.epoch = epoch;
            this.then = then;
            this.change = replica.beginChange();
            this.log = replica.log();
            this.flush = log.flush(true);
        }

        @Override
        public void run() {
            flush.run();
        }

        @Override
        public void done(@Nullable IOException failed, long nowMillis, Answers out) {
            LogTrim trim = log.flushed(flush);
            if (!trim.nothing()) {
                context.addIdleWork(new CheckpointRun.TrimWork(trim));
            }
            if (!replica.changing(change)) {
                return;
            }
            IOException failure = flush.failure();
            if (failure instanceof UnreachableFileException) {
                String detail = "syncing the log: " + failure;
                replica.refuse(session, epoch, Refusal.STORAGE_ERROR, detail, out);
            } else if (failure != null) {
                replica.fail(Fault.IO_ERROR, "syncing the log: " + failure, out);
            } else if (!context.journal().roomForControl()) {
                replica.refuse(session, epoch, context.lackOfRoom(), context.whyNoRoom(), out);
            } else {
                then.run(nowMillis, out);
            }
            replica.endChange();
        }
    }

    /** After a change of settings: says that what the journal does not have was synced. */
    void settleIfJournaledFromNow(Replica replica, ReplicaSettings before) {
        if (replica.journaled() && before.durability() != replica.settings().durability()) {
            long logEnd = replica.log().logEnd();
            context.journal().add(new JournalRecord.Settled(replica.partition(), logEnd));
        }
    }
}
