package io.ackgate.storage.recovery;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.journal.JournalScan;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.log.LoadedIndexes;
import io.ackgate.storage.log.LogFolder;
import io.ackgate.storage.log.LogRecovery.CorruptLogException;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a data directory holds. */
public final class Recovery {
    /** How logs' directories are named. */
    public interface Directories {
        /** The directory above all logs. */
        String root();

        String path(PartitionId partition, long serial);

        /** The directory above all copies of logs' tails. */
        String tailsRoot();

        /** Where the tail of a log is copied, which need not be there. */
        String tails(PartitionId partition, long serial);

        /** The serial in a name below one of the roots, or -1. */
        long serial(String name);
    }

    /**
     * A replica as it was found.
     *
     * @param log null if it is faulty, or cannot be read in this process's time
     * @param detail what is wrong with a faulty one
     */
    public record Found(ReplicaEntry entry, @Nullable PartitionLog log, String detail) {}

    /**
     * What was found.
     *
     * @param gone replicas whose logs' directories are not there; they may be back at another start
     * @param journalGenerations of the files that are there
     * @param nextLogSerial above every log's that ever was
     * @param oldestSerial see {@link Checkpoint}
     * @param knownMillis the checkpoint's time, or -1 without one
     * @param notes what an operator should know, in sentences
     */
    public record Result(
            List<Found> replicas,
            List<ReplicaEntry> gone,
            List<Long> journalGenerations,
            long nextLogSerial,
            long oldestSerial,
            long knownMillis,
            List<String> notes) {}

    /** Logs that are open but not synced yet, which more threads would not sync sooner. */
    private static final int LOGS_AT_A_TIME = 8;

    private final Disk disk;
    private final Directories directories;
    private final int indexIntervalBytes;
    private final LoadedIndexes indexes;
    private final String bootId;

    /** What is found appended is stamped with it: not before the checkpoint's time. */
    private long nowMillis;

    private final List<String> notes = new ArrayList<>();

    /** Replicas whose logs' directories are not there. */
    private final List<ReplicaEntry> gone = new ArrayList<>();

    /** Serials of usable logs that lack batches of which the copy is damaged. */
    private final Set<Long> incomplete = new HashSet<>();

    /** What is wrong with those that are faulty whatever their files hold. */
    private String foundBefore = "found at an earlier start";

    private Recovery(
            Disk disk,
            Directories directories,
            int indexIntervalBytes,
            LoadedIndexes indexes,
            String bootId,
            long nowMillis) {
        this.disk = disk;
        this.directories = directories;
        this.indexIntervalBytes = indexIntervalBytes;
        this.indexes = indexes;
        this.bootId = bootId;
        this.nowMillis = nowMillis;
    }

    /**
     * Recovers a data directory.
     *
     * @param indexIntervalBytes see {@link LogFolder}
     * @param indexes see {@link LogFolder}
     * @throws IOException if the disk fails as a whole or is too full to recover; nothing was given
     *     up
     */
    public static Result recover(
            Disk disk,
            Directories directories,
            int indexIntervalBytes,
            LoadedIndexes indexes,
            String bootId,
            long nowMillis)
            throws IOException {
        return new Recovery(disk, directories, indexIntervalBytes, indexes, bootId, nowMillis)
                .recover();
    }

    private Result recover() throws IOException {
        disk.createDirectories(directories.root());
        createTails();
        Checkpoint checkpoint = checkpoint();
        long greatestSerial = 0;
        for (String name : disk.list(directories.root())) {
            greatestSerial = Math.max(greatestSerial, directories.serial(name));
        }
        if (checkpoint == null) {
            // Without it nobody knows what was promised: all replicas are missing. Their logs stay.
            if (greatestSerial > 0 || CheckpointFile.exists(disk)) {
                notes.add(
                        "the checkpoint is lost or damaged, and so is its copy: all replicas count"
                                + " as missing");
            }
            long next = greatestSerial + 1;
            List<Long> generations = JournalScan.generations(disk);
            return new Result(List.of(), List.of(), generations, next, next, -1, notes);
        }
        nowMillis = Math.max(nowMillis, checkpoint.knownMillis());
        JournalScan journal =
                JournalScan.read(disk, checkpoint.journalStart(), checkpoint.journalBlockBytes());
        Map<PartitionId, ReplicaFold> folds = fold(checkpoint, journal);
        List<Found> found = open(checkpoint, folds);
        long nextSerial = Math.max(checkpoint.nextLogSerial(), greatestSerial + 1);
        boolean allKnown = journal.damage() == null;
        if (allKnown) {
            deleteLeftovers(checkpoint, found);
        }
        return new Result(
                found,
                gone,
                journal.generations(),
                nextSerial,
                allKnown ? checkpoint.oldestSerial() : nextSerial,
                checkpoint.knownMillis(),
                notes);
    }

    /** Only a log in doubt needs it: where it cannot be made now, the copy says so. */
    private void createTails() throws IOException {
        try {
            disk.createDirectories(directories.tailsRoot());
        } catch (IOException unknown) {
            if (!UnreachableFileException.isOfOneFile(unknown)) {
                throw unknown;
            }
        }
    }

    private @Nullable Checkpoint checkpoint() throws IOException {
        CheckpointFile.Either read = CheckpointFile.readEither(disk);
        if (read.checkpoint() != null && read.wrong() != null) {
            notes.add(
                    "the checkpoint %s: its copy is used, and nothing is lost"
                            .formatted(read.wrong()));
        }
        return read.checkpoint();
    }

    private Map<PartitionId, ReplicaFold> fold(Checkpoint checkpoint, JournalScan journal)
            throws IOException {
        Map<PartitionId, ReplicaFold> folds = new LinkedHashMap<>();
        for (ReplicaEntry entry : checkpoint.replicas()) {
            folds.put(entry.partition(), new ReplicaFold(entry));
        }
        journal.forEachRecord(record -> JournalTails.apply(folds, record));
        if (journal.damage() != null) {
            // What the unreadable part says of whom is unknown: nobody's promises can be kept.
            foundBefore = "the journal was damaged, " + journal.damage();
            notes.add("the journal is damaged, " + journal.damage() + ": all replicas are faulty");
            folds.values().forEach(fold -> fold.fail(Fault.CORRUPT));
        }
        return folds;
    }

    private List<Found> open(Checkpoint checkpoint, Map<PartitionId, ReplicaFold> folds)
            throws IOException {
        boolean machineStopped = !checkpoint.bootId().equals(bootId);
        List<Found> found = new ArrayList<>();
        List<ReplicaFold> some = new ArrayList<>();
        try (JournalFrames frames = new JournalFrames(disk)) {
            for (ReplicaFold fold : folds.values()) {
                if (!checkpoint.clean()) {
                    fold.leftBehind();
                }
                if (machineStopped) {
                    fold.machineStopped();
                }
                if (isGone(directory(fold))) {
                    gone.add(gone(fold, frames));
                    continue;
                }
                some.add(fold);
                if (some.size() == LOGS_AT_A_TIME) {
                    found.addAll(open(some, frames));
                    some.clear();
                }
            }
            found.addAll(open(some, frames));
        }
        return found;
    }

    private String directory(ReplicaFold fold) {
        return directories.path(fold.partition(), fold.logSerial());
    }

    private String tails(ReplicaFold fold) {
        return directories.tails(fold.partition(), fold.logSerial());
    }

    /** Opens some logs, and syncs those side by side that can be used. */
    private List<Found> open(List<ReplicaFold> folds, JournalFrames frames) throws IOException {
        List<@Nullable OpenedLog> opened = new ArrayList<>();
        for (ReplicaFold fold : folds) {
            opened.add(fold.faulty() && !fold.doubtful() ? null : recover(fold, frames));
        }
        disk.runAll(opened.stream().filter(Objects::nonNull).toList());
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            OpenedLog one = opened.get(i);
            found.add(
                    one == null
                            ? new Found(folds.get(i).unusableEntry(), null, foundBefore)
                            : found(one, frames));
        }
        return found;
    }

    private OpenedLog recover(ReplicaFold fold, JournalFrames frames) {
        LogFolder folder =
                new LogFolder(disk, directory(fold), fold.partition(), indexIntervalBytes, indexes);
        return OpenedLog.recover(fold, folder, tails(fold), frames, nowMillis);
    }

    /** A directory that cannot be looked at is taken for there: its log says what is wrong. */
    private boolean isGone(String directory) throws IOException {
        try {
            return !disk.exists(directory);
        } catch (IOException unknown) {
            if (UnreachableFileException.isOfOneFile(unknown)) {
                return false;
            }
            throw unknown;
        }
    }

    /** As the log has to be when its directory is there again, as one of a file system may be. */
    private ReplicaEntry gone(ReplicaFold fold, JournalFrames frames) throws IOException {
        notes.add(
                directory(fold) + " is gone: the replica is missing until it is there at a start");
        if (!fold.faulty() || fold.doubtful()) {
            keepTail(fold, frames);
        }
        return fold.unusableEntry();
    }

    /** The start is about to make the journal void. */
    private void keepTail(ReplicaFold fold, JournalFrames frames) throws IOException {
        if (!fold.copyTail(disk, tails(fold), frames)) {
            notes.add(directory(fold) + " has lost what the journal held of it: it is damaged");
        }
    }

    private Found found(OpenedLog opened, JournalFrames frames) throws IOException {
        ReplicaFold fold = opened.fold();
        String directory = opened.directory();
        String tails = tails(fold);
        String detail;
        if (fold.tailDamaged()) {
            notes.add(fold.tailDamage(tails));
        }
        try {
            PartitionLog log = opened.log();
            if (fold.lacksOfTail(log)) {
                notes.add(tails + " is kept until the next start");
                incomplete.add(fold.logSerial());
            }
            if (fold.doubtful()) {
                // It may have lost what it acknowledged, and is whole up to its end all the same.
                fold.sound();
                fold.voidIncarnation();
                notes.add(
                        directory + " is usable again, without what a failed write may have lost");
            }
            return new Found(fold.entry(log), log, "");
        } catch (DiskFullException | UnreachableDiskException notNow) {
            // Says nothing about this log: another start may find it whole.
            throw notNow;
        } catch (CorruptLogException corrupt) {
            fold.fail(Fault.CORRUPT);
            detail = String.valueOf(corrupt.getMessage());
        } catch (IOException unreadable) {
            if (!DamagedLogException.proves(unreadable)) {
                // Says nothing of the bytes either, and may last: the others need not wait for it.
                notes.add(directory + " cannot be read at present: " + unreadable);
                keepTail(fold, frames);
                return new Found(fold.unusableEntry(), null, unreadable.toString());
            }
            fold.fail(Fault.CORRUPT);
            detail = unreadable.toString();
        }
        notes.add(directory + " is faulty: " + detail);
        return new Found(fold.unusableEntry(), null, detail);
    }

    private void deleteLeftovers(Checkpoint checkpoint, List<Found> found) throws IOException {
        Set<Long> logs = new HashSet<>();
        Set<Long> tails = new HashSet<>(incomplete);
        for (Found replica : found) {
            logs.add(replica.entry().logSerial());
            if (replica.log() == null) {
                tails.add(replica.entry().logSerial());
            }
        }
        for (ReplicaEntry entry : gone) {
            logs.add(entry.logSerial());
            tails.add(entry.logSerial());
        }
        new Leftovers(disk, directories, notes).delete(checkpoint.oldestSerial(), logs, tails);
    }
}
