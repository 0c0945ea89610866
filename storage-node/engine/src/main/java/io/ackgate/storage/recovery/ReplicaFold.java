package io.ackgate.storage.recovery;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.checkpoint.UnsyncedEnd;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.journal.FrameRef;
import io.ackgate.storage.journal.FrameRefs;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.log.ExpectedLog;
import io.ackgate.storage.log.LogRecovery.FrameSource;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One replica's entry in the checkpoint, with what the journal says happened to it since. */
final class ReplicaFold {
    private final PartitionId partition;
    private int epoch;
    private Incarnation incarnation = Incarnation.NONE;
    private ReplicaSettings settings = ReplicaSettings.DEFAULTS;
    private @Nullable Fault fault;

    /** What is known to be lost in a log that is in use. */
    private ReplicaEntry.@Nullable Damage damage;

    private long logSerial;
    private long highWatermark;
    private long logStart;
    private List<SegmentEntry> segments = List.of();
    private @Nullable ByteBuffer producers;
    private long segmentsEnd;
    private long knownEnd;
    private EpochChain chain = EpochChain.EMPTY;
    private long syncedTo;
    private long settledEnd;
    private long cuttingTo = -1;

    /** Where the batches begin that files of their own hold; -1 if there are none. */
    private long tailFrom = -1;

    /** Up to which a log of which the copied tail is damaged had batches; -1 if that is whole. */
    private long heldUpTo = -1;

    private UnsyncedEnd unsyncedEnd = UnsyncedEnd.IN_HAND;

    private final FrameRefs frames = new FrameRefs();

    ReplicaFold(PartitionId partition) {
        this.partition = partition;
    }

    ReplicaFold(ReplicaEntry entry) {
        partition = entry.partition();
        epoch = entry.epoch();
        incarnation = entry.incarnation();
        settings = entry.settings();
        fault = entry.fault();
        damage = entry.damage();
        logSerial = entry.logSerial();
        highWatermark = entry.highWatermark();
        LogEntry log = entry.log();
        logStart = log.logStart();
        segments = log.segments();
        producers = log.producers();
        segmentsEnd = log.logEnd();
        knownEnd = log.logEnd();
        settledEnd = log.settledEnd();
        chain = log.chain();
        syncedTo = log.syncedTo();
        tailFrom = log.tailFrom();
        unsyncedEnd = log.unsyncedEnd();
        if (log.cuttingTo() >= 0) {
            beginCut(log.cuttingTo());
        }
    }

    void apply(JournalRecord record) {
        switch (record) {
            case JournalRecord.Appended appended -> {
                highWatermark = Math.max(highWatermark, appended.highWatermark());
                take(appended.frame());
            }
            case JournalRecord.Fenced fenced -> epoch = Math.max(epoch, fenced.epoch());
            case JournalRecord.Assigned assigned -> {
                epoch = Math.max(epoch, assigned.epoch());
                incarnation = assigned.incarnation();
                settings = assigned.settings();
                fault = null;
                if (assigned.logSerial() != logSerial) {
                    emptyLog(assigned.logSerial(), 0);
                    highWatermark = 0;
                }
            }
            case JournalRecord.Cutting cutting -> beginCut(cutting.logEnd());
            case JournalRecord.Settled settled -> {
                cuttingTo = -1;
                frames.clear();
                settledEnd = settled.logEnd();
                knownEnd = Math.min(knownEnd, settledEnd);
                if (journaled()) {
                    syncedTo = Math.max(syncedTo, settledEnd);
                }
            }
            case JournalRecord.Restarted restarted -> {
                emptyLog(restarted.logSerial(), restarted.startOffset());
                highWatermark = Math.max(highWatermark, restarted.startOffset());
            }
            case JournalRecord.HighWatermark watermark ->
                    highWatermark = Math.max(highWatermark, watermark.highWatermark());
            case JournalRecord.LogStart start -> logStart = Math.max(logStart, start.logStart());
            case JournalRecord.Configured configured -> settings = configured.settings();
            case JournalRecord.Faulted faulted -> fault = faulted.fault();
            case JournalRecord.Damaged damaged ->
                    damage = new ReplicaEntry.Damage(damaged.fault(), damaged.below());
            case JournalRecord.Whole _ -> damage = null;
            case JournalRecord.Deleted _ ->
                    throw new IllegalStateException("a deleted replica is forgotten by its owner");
        }
    }

    /**
     * Takes a batch that follows what is known of the log. One that does not shows that a sync has
     * failed: the journal went on without the one before it, and the log was in doubt from then on,
     * whether or not there was room to say so. Nothing behind the gap was ever acknowledged.
     */
    private void take(FrameRef frame) {
        long next = frames.isEmpty() ? settledEnd : frames.getLast().nextOffset();
        if (frame.baseOffset() <= next) {
            frames.add(frame);
        } else if (fault == null) {
            fault = Fault.IO_ERROR;
        }
    }

    private void beginCut(long logEnd) {
        cuttingTo = logEnd;
        frames.cut(logEnd);
        knownEnd = Math.min(knownEnd, logEnd);
        settledEnd = Math.min(settledEnd, logEnd);
    }

    private void emptyLog(long serial, long startOffset) {
        logSerial = serial;
        damage = null;
        logStart = startOffset;
        segments = List.of();
        producers = null;
        segmentsEnd = startOffset;
        knownEnd = startOffset;
        settledEnd = startOffset;
        syncedTo = startOffset;
        chain = EpochChain.EMPTY;
        cuttingTo = -1;
        tailFrom = -1;
        unsyncedEnd = UnsyncedEnd.IN_HAND;
        frames.clear();
    }

    PartitionId partition() {
        return partition;
    }

    long logSerial() {
        return logSerial;
    }

    boolean journaled() {
        return settings.durability() == Durability.FSYNC;
    }

    boolean faulty() {
        return fault != null;
    }

    void fail(Fault why) {
        fault = why;
    }

    /** The log may have lost what it acknowledged: it needs a new incarnation before it counts. */
    void voidIncarnation() {
        incarnation = Incarnation.NONE;
    }

    /** The process that had the log has ended without a shutdown in good order. */
    void leftBehind() {
        if (!journaled() && unsyncedEnd == UnsyncedEnd.IN_HAND) {
            unsyncedEnd = UnsyncedEnd.LEFT_BEHIND;
        }
    }

    /** The machine has stopped since the log was written. */
    void machineStopped() {
        if (unsyncedEnd == UnsyncedEnd.LEFT_BEHIND) {
            unsyncedEnd = UnsyncedEnd.MAY_BE_GONE;
            voidIncarnation();
        }
    }

    ExpectedLog expectedLog() {
        return new ExpectedLog(
                epoch,
                logStart,
                highWatermark,
                segments,
                segmentsEnd,
                knownEnd,
                chain,
                syncedTo,
                settledEnd,
                frames,
                heldUpTo,
                cuttingTo,
                journaled(),
                fault != null,
                unsyncedEnd == UnsyncedEnd.MAY_BE_GONE,
                settings.segmentBytes(),
                producers);
    }

    /** The entry of the replica as it is now opened. */
    ReplicaEntry entry(PartitionLog log) {
        return entry(Math.min(highWatermark, log.logEnd()), log.entry(-1, journaled()));
    }

    /** A write or a sync failed, and what was acknowledged may be gone; the rest may be whole. */
    boolean doubtful() {
        return fault == Fault.IO_ERROR;
    }

    /** What was in doubt has been looked at. */
    void sound() {
        fault = null;
    }

    /**
     * Takes what files of the log hold of its tail for what the journal held of it: all of it, or
     * what is whole up to the first damage.
     *
     * @return the files, to be closed; null if there are none, or nothing is whole in them
     */
    @Nullable TailFiles takeTail(Disk disk, String directory) throws IOException {
        if (tailFrom < 0) {
            return null;
        }
        TailFiles files = new TailFiles(disk, directory, tailFrom);
        boolean taken = false;
        try {
            taken = addTail(files.frames(partition, settledEnd));
        } finally {
            if (!taken) {
                files.close();
            }
        }
        return taken ? files : null;
    }

    /** Returns whether there are any. */
    private boolean addTail(FrameRefs tail) {
        long end = tail.isEmpty() ? tailFrom : tail.getLast().nextOffset();
        heldUpTo = end < settledEnd ? settledEnd : -1;
        if (tail.isEmpty()) {
            // The segments have to hold everything then.
            return false;
        }
        for (int i = 0; i < tail.size(); i++) {
            frames.add(tail.get(i));
        }
        settledEnd = tailFrom;
        return true;
    }

    /** Whether batches that the copied tail should hold are damaged or missing there. */
    boolean tailDamaged() {
        return heldUpTo >= 0;
    }

    /** Whether the log ends below what its copied tail held before that was damaged. */
    boolean lacksOfTail(PartitionLog log) {
        return log.logEnd() < heldUpTo;
    }

    /** What is left of a tail that is damaged, in a sentence. */
    String tailDamage(String directory) {
        long whole = frames.isEmpty() ? tailFrom : frames.getLast().nextOffset();
        return "%s is damaged: its batches up to %d are whole, of those up to %d"
                .formatted(directory, whole, heldUpTo);
    }

    /**
     * Copies to files of the log what the journal holds of it, so that its entry can do without the
     * journal.
     *
     * @return false if that cannot be done because the journal's batches are damaged
     */
    boolean copyTail(Disk disk, String directory, FrameSource journal) throws IOException {
        if (tailFrom >= 0 || frames.isEmpty()) {
            return true;
        }
        long first = frames.get(0).baseOffset();
        try (TailFiles files = new TailFiles(disk, directory, first)) {
            files.write(frames, journal);
        } catch (IOException e) {
            if (DamagedLogException.proves(e)) {
                return false;
            }
            throw e;
        }
        tailFrom = first;
        return true;
    }

    /** The entry of a replica that cannot be used; another start looks at it again, or not. */
    ReplicaEntry unusableEntry() {
        LogEntry log = fault == Fault.CORRUPT ? LogEntry.NONE : unseenLog();
        return entry(highWatermark, log);
    }

    /** The log without a look at its files, and with all that the journal has of it. */
    private LogEntry unseenLog() {
        long known = frames.isEmpty() ? settledEnd : frames.getLast().nextOffset();
        long end = Math.max(known, heldUpTo);
        LogEntry noted =
                new LogEntry(
                        logStart,
                        segmentsEnd,
                        syncedTo,
                        end,
                        cuttingTo,
                        tailFrom,
                        unsyncedEnd,
                        chain,
                        segments,
                        producers);
        if (knownEnd >= segmentsEnd) {
            return noted;
        }
        // Cut since: only segments that end below the cut are still as they were noted.
        long whole = logStart;
        for (SegmentEntry segment : segments) {
            whole = segment.baseOffset() <= knownEnd ? segment.baseOffset() : whole;
        }
        return noted.doubted(whole);
    }

    private ReplicaEntry entry(long knownHighWatermark, LogEntry log) {
        return new ReplicaEntry(
                partition,
                epoch,
                incarnation,
                settings,
                fault,
                damage,
                logSerial,
                knownHighWatermark,
                log);
    }
}
