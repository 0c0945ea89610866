package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointCodec;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.journal.NextJournalFile;
import io.ackgate.storage.log.LogFlush;
import io.ackgate.storage.log.PartitionLog;
import io.ackgate.storage.log.RetentionRule;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an engine does of its own accord: journal files, checkpoints, retention, expiry. */
final class Maintenance {
    /** Replicas whose retention is looked at in one tick. */
    private static final int REPLICAS_PER_TICK = 64;

    /** Before it is looked whether there is space for the reserve. */
    private static final long RESERVE_MILLIS = 60_000;

    /** Before what failed for lack of space, or otherwise, is tried again. */
    private static final long RETRY_NANOS = 500_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EngineContext context;
    private final CheckpointStamp stamp;

    /** Where recovery would begin to read the journal. */
    private JournalPosition checkpointed;

    /** The time as far as it is believed, milliseconds since 1970. */
    private long knownMillis;

    /** Monotonic time of the last tick; the intervals below begin with the first. */
    private long nowNanos;

    private boolean ticked;

    /** Appends journaled before {@link #checkpointed}. */
    private long checkpointedAppends;

    private @Nullable CheckpointRun checkpoint;
    private final TailCopies tails;
    private final LastingFailures unreached = new LastingFailures();
    private long nextCheckpointNanos;
    private boolean retryingCheckpoint;
    private long nextJournalFileNanos;
    private boolean retryingJournalFile;
    private long nextHighWatermarksNanos;
    private long nextRetentionNanos;
    private long nextReserveNanos;

    /** Replicas whose retention is still to be looked at in this round. */
    private final ArrayDeque<Replica> round = new ArrayDeque<>();

    Maintenance(EngineContext context, CheckpointStamp stamp, long knownMillis) {
        this.context = context;
        this.tails = new TailCopies(context);
        this.stamp = stamp;
        this.checkpointed = context.journal().start();
        this.knownMillis = knownMillis;
    }

    /** Whether the journal has room for what the request may have to put there. */
    boolean roomFor(StorageRequest request) {
        Journal journal = context.journal();
        if (request instanceof StorageRequest.Append append) {
            Replica replica = context.replicas().get(append.partition());
            return replica == null
                    || !replica.journaled()
                    || replica.faulty()
                    || (journal.roomForAppend(append.frame()) && !context.journalTooLong());
        }
        return journal.roomForControl();
    }

    /** Whether room that is lacking in a journal that has not failed will be there soon. */
    boolean roomComing() {
        if (context.journalTooLong() && !retryingCheckpoint) {
            return true;
        }
        return context.journalFailure() == null && context.journal().fileComing();
    }

    boolean diskFull() {
        return context.journalFailure() instanceof DiskFullException;
    }

    /** The next piece of work, the most urgent first. */
    BackgroundWork.@Nullable Work next() {
        // What a request waits for comes first, unless the journal is eating into its reserve: then
        // nothing at all could go on without another file.
        BackgroundWork.Work work = context.journal().onReserve() ? journalFile() : null;
        if (work == null) {
            work = context.takeUrgentWork();
        }
        if (work == null) {
            work = journalFile();
        }
        if (work == null && checkpoint != null) {
            work = checkpoint.next();
        }
        return work == null ? context.takeIdleWork() : work;
    }

    @Nullable BackgroundWork nextForClose() {
        BackgroundWork.Work work = context.takeUrgentWork();
        if (work == null) {
            work = context.takeIdleWork();
        }
        return work == null ? null : new BackgroundWork(work);
    }

    private BackgroundWork.@Nullable Work journalFile() {
        boolean retrying = retryingJournalFile && nowNanos - nextJournalFileNanos < 0;
        NextJournalFile file = retrying ? null : context.journal().prepare();
        if (file == null) {
            return null;
        }
        return new BackgroundWork.Work() {
            @Override
            public void run() {
                file.run();
            }

            @Override
            public void done(@Nullable IOException failure, long doneMillis, Answers out) {
                context.journalFailure(context.journal().prepared(file));
                retryingJournalFile = file.failed();
                nextJournalFileNanos = nowNanos + RETRY_NANOS;
            }
        };
    }

    boolean busy() {
        return context.workWaiting()
                || tails.underWay()
                || (checkpoint != null && !checkpoint.ended());
    }

    /** Notes the time, by which intervals end; also while there is no journal to write to. */
    void timeIs(NodeTime now) {
        nowNanos = now.nanos();
        context.ticked(nowNanos);
        knownMillis = now.earliestMillis();
        if (!ticked) {
            ticked = true;
            nextCheckpointNanos = later(context.settings().checkpointIntervalMillis());
            nextHighWatermarksNanos = nowNanos;
            nextRetentionNanos = nowNanos;
            nextReserveNanos = nowNanos;
        }
    }

    void tick(NodeTime now, Answers out) {
        context.tryAgain();
        reserve();
        checkpoint();
        context.journalTooLong(journalLongerThan(2));
        if (isPast(nextHighWatermarksNanos)) {
            nextHighWatermarksNanos = later(context.settings().highWatermarkIntervalMillis());
            for (Replica replica : context.replicas().values()) {
                if (context.journal().roomForControl()) {
                    replica.saveHighWatermark();
                    replica.journalFault();
                }
            }
        }
        retention(now, out);
        if (context.journal().needsVoucher()) {
            context.journal().confirmLastGroup();
        }
    }

    private boolean isPast(long nanos) {
        return nowNanos - nanos >= 0;
    }

    private long later(long millis) {
        return nowNanos + millis * NANOS_PER_MILLI;
    }

    private void reserve() {
        if (!isPast(nextReserveNanos)) {
            return;
        }
        nextReserveNanos = later(RESERVE_MILLIS);
        context.addIdleWork(
                new BackgroundWork.Work() {
                    @Override
                    public void run() throws IOException {
                        SpaceReserve.make(context.disk(), context.settings().reserveBytes());
                    }

                    @Override
                    public void done(@Nullable IOException failure, long doneMillis, Answers out) {
                        // Without space there is no reserve, for now.
                    }
                });
    }

    private void checkpoint() {
        if (checkpoint != null && checkpoint.ended()) {
            retryingCheckpoint = checkpoint.failed();
            if (retryingCheckpoint) {
                nextCheckpointNanos = nowNanos + RETRY_NANOS;
            } else {
                checkpointed = checkpoint.start();
                checkpointedAppends = checkpoint.appends();
                nextCheckpointNanos = later(context.settings().checkpointIntervalMillis());
            }
            checkpoint = null;
        }
        if (tails.takeFailed()) {
            retryingCheckpoint = true;
            nextCheckpointNanos = nowNanos + tails.retryNanos();
        }
        boolean due = isPast(nextCheckpointNanos) || (journalLongerThan(1) && !retryingCheckpoint);
        if (checkpoint == null && due) {
            if (journalBytes() == 0 && !unflushed()) {
                nextCheckpointNanos = later(context.settings().checkpointIntervalMillis());
            } else if (!tails.needed()) {
                checkpoint = new CheckpointRun(context, stamp, knownMillis, unreached);
            }
        }
    }

    /** Whether the journal is longer than so many times what begins a checkpoint. */
    private boolean journalLongerThan(int times) {
        EngineSettings settings = context.settings();
        long batches = context.journal().appends() - checkpointedAppends;
        return journalBytes() >= times * settings.checkpointJournalBytes()
                || batches >= times * settings.checkpointBatches();
    }

    /** The time as far as it is believed, milliseconds since 1970. */
    long knownMillis() {
        return knownMillis;
    }

    private boolean unflushed() {
        for (Replica replica : context.replicas().values()) {
            PartitionLog log = replica.usableLog();
            if (log != null && log.unflushed()) {
                return true;
            }
        }
        return false;
    }

    long journalBytes() {
        return context.journal().bytesSince(checkpointed);
    }

    /** A group was lost: a checkpoint in the making may have noted what never became durable. */
    void journalFailed() {
        if (checkpoint != null) {
            checkpoint.callOff();
        }
    }

    private void retention(NodeTime now, Answers out) {
        if (round.isEmpty()) {
            if (!isPast(nextRetentionNanos)) {
                return;
            }
            nextRetentionNanos = later(context.settings().retentionIntervalMillis());
            round.addAll(context.replicas().values());
        }
        for (int i = 0; i < REPLICAS_PER_TICK && !round.isEmpty(); i++) {
            Replica replica = round.remove();
            if (replica.usableLog() != null && !replica.changing()) {
                retain(replica, now, out);
            }
        }
    }

    private void retain(Replica replica, NodeTime now, Answers out) {
        PartitionLog log = replica.log();
        log.producers().expireByLog(replica.settings().producerExpirationMillis());
        RetentionRule rule =
                new RetentionRule(
                        replica.highWatermark(),
                        replica.settings().retentionMillis(),
                        replica.settings().retentionBytes(),
                        now.earliestMillis());
        try {
            if (log.lastSegmentOld(rule)) {
                log.beginSegment(now.latestMillis());
            }
            long start = log.retainFrom(rule);
            if (start > log.logStart() && context.journal().roomForControl()) {
                context.journal().add(new JournalRecord.LogStart(replica.partition(), start));
                CheckpointRun.TrimWork trim = new CheckpointRun.TrimWork(log.startAt(start));
                context.whenDurable(
                        replica,
                        null,
                        replica.epoch(),
                        (durableMillis, answers) -> context.addIdleWork(trim),
                        now.latestMillis(),
                        out);
            }
        } catch (IOException notNow) {
            // Nothing was begun: a new segment, or a look at an old one, can wait for the next
            // round.
            return;
        }
    }

    /** Syncs everything and writes a checkpoint that says so. */
    void close(long nowMillis, Answers out) throws IOException {
        if (context.journal().failed()) {
            context.journal().close();
            return;
        }
        if (checkpoint != null) {
            checkpoint.callOff();
        }
        JournalPosition start = context.journal().seal();
        List<PartitionLog> logs = usableLogs();
        syncAll(logs);
        tails.copyNow();
        List<ReplicaEntry> entries = new ArrayList<>(context.gone().entries());
        for (Replica replica : context.replicas().values()) {
            if (!replica.absent()) {
                entries.add(replica.entry());
            }
        }
        Checkpoint last =
                new Checkpoint(
                        stamp.bootId(),
                        true,
                        knownMillis,
                        start,
                        context.settings().journal().blockBytes(),
                        context.nextLogSerial(),
                        stamp.oldestSerial(),
                        entries);
        CheckpointFile.write(context.disk(), CheckpointCodec.encode(last));
        context.journal().close();
        for (PartitionLog log : logs) {
            log.close();
        }
    }

    private List<PartitionLog> usableLogs() {
        List<PartitionLog> logs = new ArrayList<>();
        for (Replica replica : context.replicas().values()) {
            PartitionLog log = replica.usableLog();
            if (log != null) {
                logs.add(log);
            }
        }
        return logs;
    }

    private void syncAll(List<PartitionLog> logs) throws IOException {
        for (int from = 0; from < logs.size(); from += CheckpointRun.LOGS_AT_A_TIME) {
            int to = Math.min(logs.size(), from + CheckpointRun.LOGS_AT_A_TIME);
            List<PartitionLog> some = logs.subList(from, to);
            List<LogFlush> flushes = some.stream().map(log -> log.flush(true)).toList();
            context.disk().runAll(flushes);
            for (int i = 0; i < some.size(); i++) {
                some.get(i).flushed(flushes.get(i));
                IOException failure = flushes.get(i).failure();
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }
}
