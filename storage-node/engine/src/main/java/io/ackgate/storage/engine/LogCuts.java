package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest.Reconcile;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.log.LogCut;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Cutting logs. What will be left is read first: where that is damaged nothing is cut, and the log
 * stays in use. The files are cut once the journal holds that they are going to be. The replica's
 * other requests wait meanwhile.
 */
final class LogCuts {
    /**
     * How long a cut is tried whose files alone cannot be reached, ten seconds: the replica's other
     * requests wait, fences among them.
     */
    private static final long MAX_REFUSED_NANOS = 10_000_000_000L;

    private final EngineContext context;
    private final LogChanges changes;

    LogCuts(EngineContext context, LogChanges changes) {
        this.context = context;
        this.changes = changes;
    }

    /** Cuts the log and reconciles. */
    void cut(Replica replica, StreamSession session, Reconcile request, LogCut cut) {
        context.addUrgentWork(
                new DeriveWork(replica, replica.beginChange(), session, request, cut));
    }

    /** A step of a cut, tried again for a while where files cannot be reached. */
    private abstract class Step implements BackgroundWork.Work {
        final Replica replica;
        final int change;
        final StreamSession session;
        final Reconcile request;
        final LogCut cut;

        /**
         * When it first failed for what keeps no other file from being reached; null before that.
         */
        private @Nullable Long refusedSinceNanos;

        private boolean told;

        Step(Replica replica, int change, StreamSession session, Reconcile request, LogCut cut) {
            this.replica = replica;
            this.change = change;
            this.session = session;
            this.request = request;
            this.cut = cut;
        }

        @Override
        public final void done(@Nullable IOException failure, long nowMillis, Answers out) {
            if (!replica.changing(change)) {
                return;
            }
            boolean notNow =
                    failure instanceof UnreachableFileException
                            || failure instanceof DiskFullException;
            if (failure == null) {
                succeeded(nowMillis, out);
            } else if (notNow && !refusedTooLong(failure)) {
                // What was done of it is not undone: the cut goes on when that is possible again.
                context.retryLater(this);
                tellOnce(failure);
            } else {
                failed(failure, out);
            }
        }

        abstract void succeeded(long nowMillis, Answers out);

        abstract void failed(IOException failure, Answers out);

        private boolean refusedTooLong(IOException failure) {
            Long now = context.tickedNanos();
            if (refusedSinceNanos == null && UnreachableFileException.isOfOneFile(failure)) {
                refusedSinceNanos = now;
            }
            return now != null
                    && refusedSinceNanos != null
                    && now - refusedSinceNanos >= MAX_REFUSED_NANOS;
        }

        private void tellOnce(IOException failure) {
            if (!told) {
                told = true;
                context.tell(
                        "%s cannot be cut to %d yet, and is tried again: %s"
                                .formatted(replica.partition(), cut.logEnd(), failure));
            }
        }
    }

    private final class DeriveWork extends Step {
        DeriveWork(
                Replica replica, int change, StreamSession session, Reconcile request, LogCut cut) {
            super(replica, change, session, request, cut);
        }

        @Override
        public void run() throws IOException {
            cut.derive();
        }

        @Override
        void succeeded(long nowMillis, Answers out) {
            Refusal objection = replica.objection(session, request.epoch());
            String detail = "";
            if (objection == null && !context.journal().roomForControl()) {
                objection = context.lackOfRoom();
                detail = context.whyNoRoom();
            }
            if (objection != null) {
                replica.refuse(session, request.epoch(), objection, detail, out);
                replica.endChange();
                return;
            }
            replica.cuttingTo(cut.logEnd());
            // The intention first: an interrupted cut must not look like a log that lost its end.
            context.journal().add(new JournalRecord.Cutting(replica.partition(), cut.logEnd()));
            context.whenDurable(
                    replica,
                    session,
                    request.epoch(),
                    (now, answers) ->
                            context.addUrgentWork(
                                    new CutWork(replica, change, session, request, cut)),
                    nowMillis,
                    out);
        }

        /** Nothing has been cut. */
        @Override
        void failed(IOException failure, Answers out) {
            String what = "reading what the cut would leave";
            Unreadable.answer(context, replica, session, request.epoch(), what, failure, out);
            replica.endChange();
        }
    }

    private final class CutWork extends Step {
        CutWork(Replica replica, int change, StreamSession session, Reconcile request, LogCut cut) {
            super(replica, change, session, request, cut);
        }

        @Override
        public void run() throws IOException {
            cut.run();
        }

        @Override
        void succeeded(long nowMillis, Answers out) {
            try {
                replica.log().cut(cut);
            } catch (IOException e) {
                replica.fail(Fault.IO_ERROR, "cutting the log: " + e, out);
                return;
            }
            replica.cuttingTo(-1);
            replica.pending().beginAt(cut.logEnd());
            context.journal().add(new JournalRecord.Settled(replica.partition(), cut.logEnd()));
            changes.cut(replica, session, request.epoch(), nowMillis, out);
        }

        @Override
        void failed(IOException failure, Answers out) {
            Fault fault = DamagedLogException.proves(failure) ? Fault.CORRUPT : Fault.IO_ERROR;
            replica.fail(fault, "cutting the log: " + failure, out);
        }
    }
}
