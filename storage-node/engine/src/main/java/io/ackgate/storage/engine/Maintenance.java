package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointCodec;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.journal.NextJournalFile;
import io.ackgate.storage.log.LogFlush;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an engine does of its own accord: journal files, checkpoints, retention, expiry. */
final class Maintenance {
    /** Replicas whose retention is looked at in one tick. */
    private static final int REPLICAS_PER_TICK = 64;

    /** Before what failed for lack of space, or otherwise, is tried again. */
    private static final long RETRY_MILLIS = 500;

    private final EngineContext context;
    private final CheckpointStamp stamp;

    /** Where recovery would begin to read the journal. */
    private JournalPosition checkpointed;

    private @Nullable CheckpointRun checkpoint;
    private long nextCheckpointMillis;
    private long nextJournalFileMillis;
    private long nextHighWatermarksMillis;
    private long nextRetentionMillis;

    /** Replicas whose retention is still to be looked at in this round. */
    private final ArrayDeque<Replica> round = new ArrayDeque<>();

    private boolean journalDiskFull;

    Maintenance(EngineContext context, CheckpointStamp stamp, long nowMillis) {
        this.context = context;
        this.stamp = stamp;
        this.checkpointed = context.journal().start();
        this.nextCheckpointMillis = nowMillis + context.settings().checkpointIntervalMillis();
        this.nextHighWatermarksMillis = nowMillis;
        this.nextRetentionMillis = nowMillis;
    }

    /** Whether the journal has room for what the request may have to put there. */
    boolean roomFor(StorageRequest request) {
        Journal journal = context.journal();
        if (request instanceof StorageRequest.Append append) {
            Replica replica = context.replicas().get(append.partition());
            return replica == null
                    || !replica.journaled()
                    || replica.faulty()
                    || journal.roomForAppend(append.frame());
        }
        return journal.roomForControl();
    }

    /** Whether room that is lacking will be there soon. */
    boolean roomComing() {
        return !journalDiskFull && !context.journal().failed() && context.journal().fileComing();
    }

    boolean diskFull() {
        return journalDiskFull;
    }

    /** The next piece of work, the most urgent first. */
    Upkeep.@Nullable Work next(long nowMillis) {
        // What a request waits for comes first, unless the journal is eating into its reserve: then
        // nothing at all could go on without another file.
        Upkeep.Work work = context.journal().onReserve() ? journalFile(nowMillis) : null;
        if (work == null) {
            work = context.takeUrgent();
        }
        if (work == null) {
            work = journalFile(nowMillis);
        }
        if (work == null && checkpoint != null) {
            work = checkpoint.next();
        }
        return work == null ? context.takeSomeday() : work;
    }

    @Nullable Upkeep nextForClose(long nowMillis) {
        Upkeep.Work work = context.takeUrgent();
        if (work == null) {
            work = context.takeSomeday();
        }
        return work == null ? null : new Upkeep(work);
    }

    private Upkeep.@Nullable Work journalFile(long nowMillis) {
        boolean retrying = nowMillis < nextJournalFileMillis;
        NextJournalFile file = retrying ? null : context.journal().prepare();
        if (file == null) {
            return null;
        }
        return new Upkeep.Work() {
            @Override
            public void run() {
                file.run();
            }

            @Override
            public void done(@Nullable IOException failure, long doneMillis, Answers out) {
                journalDiskFull = context.journal().prepared(file);
                if (file.failed()) {
                    nextJournalFileMillis = doneMillis + RETRY_MILLIS;
                }
            }
        };
    }

    boolean busy() {
        return context.workWaiting() || (checkpoint != null && !checkpoint.ended());
    }

    void tick(long nowMillis, Answers out) {
        checkpoint(nowMillis, out);
        if (nowMillis >= nextHighWatermarksMillis) {
            nextHighWatermarksMillis = nowMillis + context.settings().highWatermarkIntervalMillis();
            for (Replica replica : context.replicas().values()) {
                if (context.journal().roomForControl()) {
                    replica.saveHighWatermark();
                    replica.journalFault();
                }
            }
        }
        retention(nowMillis, out);
        if (context.journal().needsVoucher()) {
            context.journal().vouch();
        }
    }

    private void checkpoint(long nowMillis, Answers out) {
        if (checkpoint != null && checkpoint.ended()) {
            if (checkpoint.failed()) {
                nextCheckpointMillis = nowMillis + RETRY_MILLIS;
            } else {
                checkpointed = checkpoint.start();
                nextCheckpointMillis = nowMillis + context.settings().checkpointIntervalMillis();
            }
            checkpoint = null;
        }
        boolean due =
                nowMillis >= nextCheckpointMillis
                        || (journalBytes() >= context.settings().checkpointJournalBytes()
                                && !retrying(nowMillis));
        if (checkpoint == null && due) {
            if (journalBytes() == 0 && !unflushed()) {
                nextCheckpointMillis = nowMillis + context.settings().checkpointIntervalMillis();
            } else {
                checkpoint = new CheckpointRun(context, stamp, out);
            }
        }
    }

    private boolean retrying(long nowMillis) {
        return nextCheckpointMillis - nowMillis <= RETRY_MILLIS;
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

    private void retention(long nowMillis, Answers out) {
        if (round.isEmpty()) {
            if (nowMillis < nextRetentionMillis) {
                return;
            }
            nextRetentionMillis = nowMillis + context.settings().retentionIntervalMillis();
            round.addAll(context.replicas().values());
        }
        for (int i = 0; i < REPLICAS_PER_TICK && !round.isEmpty(); i++) {
            Replica replica = round.remove();
            if (replica.usableLog() != null && !replica.changing()) {
                retain(replica, nowMillis, out);
            }
        }
    }

    private void retain(Replica replica, long nowMillis, Answers out) {
        PartitionLog log = replica.log();
        log.producers().expire(nowMillis - replica.settings().producerExpirationMillis());
        long highWatermark = replica.highWatermark();
        try {
            long retentionMillis = replica.settings().retentionMillis();
            if (log.lastSegmentOld(highWatermark, retentionMillis, nowMillis)) {
                log.beginSegment(nowMillis);
            }
            long start =
                    log.retainFrom(
                            highWatermark,
                            retentionMillis,
                            replica.settings().retentionBytes(),
                            nowMillis);
            if (start > log.logStart() && context.journal().roomForControl()) {
                context.journal().add(new JournalRecord.LogStart(replica.partition(), start));
                CheckpointRun.TrimWork trim = new CheckpointRun.TrimWork(log.startAt(start));
                context.whenDurable(
                        replica,
                        null,
                        replica.epoch(),
                        (now, answers) -> context.someday(trim),
                        nowMillis,
                        out);
            }
        } catch (io.ackgate.storage.disk.DiskFullException full) {
            // A new segment needs space, like everything else: later.
            return;
        } catch (IOException e) {
            replica.fail(Fault.IO_ERROR, "retention: " + e, out);
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
        List<ReplicaEntry> entries = new ArrayList<>();
        for (Replica replica : context.replicas().values()) {
            PartitionLog log = replica.usableLog();
            if (log != null) {
                LogFlush flush = log.flush(true);
                flush.run();
                log.flushed(flush);
                if (flush.failure() != null) {
                    throw flush.failure();
                }
            }
            if (!replica.absent()) {
                entries.add(replica.entry());
            }
        }
        Checkpoint last =
                new Checkpoint(
                        stamp.bootId(),
                        true,
                        start,
                        context.settings().journal().blockBytes(),
                        context.nextLogSerial(),
                        stamp.oldestSerial(),
                        entries);
        CheckpointFile.write(context.disk(), CheckpointCodec.encode(last));
        context.journal().close();
        for (Replica replica : context.replicas().values()) {
            PartitionLog log = replica.usableLog();
            if (log != null) {
                log.close();
            }
        }
    }
}
