package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointCodec;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.log.LogFlush;
import io.ackgate.storage.log.LogTrim;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint in the making: the state as of a place in the journal is noted, the segments are
 * synced a few at a time, and when the journal is durable up to that place the state is written.
 */
final class CheckpointRun {
    /**
     * Logs that are synced side by side, in one piece of work. More would gain nothing, and would
     * be in the way of the journal's syncs and of more urgent work.
     */
    static final int LOGS_AT_A_TIME = 8;

    private final EngineContext context;
    private final JournalPosition start;

    /** What {@link Journal#appends} was at the start. */
    private final long appends;

    private final Checkpoint checkpoint;
    private final ArrayDeque<Unsynced> unsynced = new ArrayDeque<>();

    /** Logs of which files cannot be reached, in this run and in those before it. */
    private final LastingFailures unreached;

    /** A log could not be synced: others still are, and then the run has failed. */
    private boolean incomplete;

    private boolean written;
    private boolean failed;

    private record Unsynced(Replica replica, long serial, PartitionLog log, LogFlush flush) {}

    /** Notes the state; from here on it does not change. */
    CheckpointRun(
            EngineContext context,
            CheckpointStamp stamp,
            long knownMillis,
            LastingFailures unreached) {
        this.context = context;
        this.unreached = unreached;
        this.start = context.journal().seal();
        this.appends = context.journal().appends();
        List<ReplicaEntry> entries = new ArrayList<>(context.gone().entries());
        for (Replica replica : List.copyOf(context.replicas().values())) {
            if (replica.absent()) {
                continue;
            }
            PartitionLog log = replica.usableLog();
            if (log != null && log.unflushed()) {
                LogFlush flush = log.flush(replica.journaled());
                unsynced.add(new Unsynced(replica, replica.logSerial(), log, flush));
            }
            entries.add(replica.entry());
            replica.highWatermarkSaved(replica.highWatermark());
        }
        unreached.keepOnly(unsynced.stream().map(Unsynced::serial).toList());
        this.checkpoint =
                new Checkpoint(
                        stamp.bootId(),
                        false,
                        knownMillis,
                        start,
                        context.settings().journal().blockBytes(),
                        context.nextLogSerial(),
                        stamp.oldestSerial(),
                        entries);
    }

    /**
     * The next piece of work; null while the journal is not durable up to the start, or at the end.
     */
    BackgroundWork.@Nullable Work next() {
        if (failed || written) {
            return null;
        }
        if (!unsynced.isEmpty()) {
            List<Unsynced> some = new ArrayList<>();
            while (some.size() < LOGS_AT_A_TIME && !unsynced.isEmpty()) {
                some.add(unsynced.remove());
            }
            return new FlushWork(some);
        }
        return context.journal().durable().compareTo(start) >= 0 ? new WriteWork() : null;
    }

    /** The journal has lost a group: what was noted may never become durable. */
    void callOff() {
        failed = true;
        unsynced.forEach(one -> one.log().undo(one.flush()));
        unsynced.clear();
    }

    /** Where recovery begins to read once this is written. */
    JournalPosition start() {
        return start;
    }

    /** Appends that were journaled before the start. */
    long appends() {
        return appends;
    }

    boolean failed() {
        return failed;
    }

    /** Whether there is nothing left to do. */
    boolean ended() {
        return failed || written;
    }

    private final class FlushWork implements BackgroundWork.Work {
        private final List<Unsynced> logs;

        FlushWork(List<Unsynced> logs) {
            this.logs = logs;
        }

        @Override
        public void run() {
            context.disk().runAll(logs.stream().map(Unsynced::flush).toList());
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            for (Unsynced one : logs) {
                LogTrim trim = one.log().flushed(one.flush());
                if (!trim.nothing()) {
                    context.addIdleWork(new TrimWork(trim));
                }
                IOException derived = one.flush().derivedFailure();
                if (derived != null) {
                    context.tell(
                            "what is derived of %s could not be written: %s"
                                    .formatted(one.replica().partition(), derived));
                }
                IOException unsafe = one.flush().failure();
                if (unsafe == null) {
                    unreached.ended(one.serial());
                } else {
                    unsynced(one, unsafe, out);
                }
            }
            failed |= incomplete && unsynced.isEmpty();
        }

        private void unsynced(Unsynced one, IOException why, Answers out) {
            if (why instanceof UnreachableDiskException) {
                // No other log could be synced either.
                callOff();
                return;
            }
            // The state noted says that the log is sound, also of one that failed meanwhile.
            incomplete = true;
            boolean tryAgain = UnreachableFileException.isOfOneFile(why) && !lastsTooLong(one, why);
            // A log that has been replaced meanwhile concerns nobody any more.
            if (!tryAgain && one.replica().usableLog() == one.log()) {
                one.replica().fail(Fault.IO_ERROR, "syncing a segment: " + why, out);
            }
        }

        /**
         * Nothing was synced in vain, and the next checkpoint tries again, unless all others'
         * appends wait for what keeps this one log from being synced.
         */
        private boolean lastsTooLong(Unsynced one, IOException why) {
            if (!unreached.under(one.serial())) {
                context.tell(
                        "%s could not be synced, and is tried again: %s"
                                .formatted(one.replica().partition(), why));
            }
            return unreached.failed(one.serial(), context.tickedNanos())
                    && context.journalTooLong();
        }
    }

    private final class WriteWork implements BackgroundWork.Work {
        @Override
        public void run() throws IOException {
            CheckpointFile.write(context.disk(), CheckpointCodec.encode(checkpoint));
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            if (failure != null) {
                // The one before is still there, and the journal that goes with it.
                failed = true;
                context.tell("a checkpoint could not be written and is tried again: " + failure);
                return;
            }
            written = true;
            try {
                context.journal().release(start);
            } catch (IOException e) {
                failed = true;
                context.tell("a checkpoint's journal could not be let go of: " + e);
            }
        }
    }

    /** Deletes what is not needed any more. */
    record TrimWork(LogTrim trim) implements BackgroundWork.Work {
        @Override
        public void run() throws IOException {
            trim.run();
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            // What could not be deleted takes space until the next start, and no more.
        }
    }
}
