package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.journal.FrameRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Brings the files of a log to what checkpoint and journal say, and opens it.
 *
 * <p>Up to the settled end the segments must hold every batch. From there on the journal's word
 * counts: a batch that a segment lacks or holds otherwise was torn, and is written again. Whole
 * batches behind the journal's last are kept: they were appended after it, and a batch that was cut
 * cannot be among them, since a cut is durable in the files before anything is appended after it.
 *
 * <p>What the checkpoint, or a settled cut, does not call synced is written again before it is
 * synced, the same bytes in the same place: it may be in the page cache only, and an fsync that
 * failed before this start has left it there for clean, so that another one would not write it.
 */
public final class LogRecovery {
    /** Reads a frame back from the journal. */
    public interface FrameSource {
        ByteBuffer read(FrameRef frame) throws IOException;
    }

    /** The files contradict what was durable. */
    public static final class CorruptLogException extends Exception {
        private static final long serialVersionUID = 1;

        CorruptLogException(String message) {
            super(message);
        }
    }

    private final LogFolder folder;
    private final Disk disk;
    private final ExpectedLog expected;
    private final FrameSource journal;

    /** Bases of the segment files that are there. */
    private final TreeSet<Long> bases = new TreeSet<>();

    private final List<Segment> segments = new ArrayList<>();
    private final ProducerState producers = new ProducerState();
    private final PartitionLog log;
    private final RecoveryWalk walk;

    /** Where the look at the segments begins. */
    private final long from;

    /** Whether names in the directory may have changed since it was known to be synced. */
    private boolean touched;

    private LogRecovery(LogFolder folder, ExpectedLog expected, FrameSource journal, long nowMillis)
            throws IOException, CorruptLogException {
        this.folder = folder;
        this.disk = folder.disk();
        this.expected = expected;
        this.journal = journal;
        for (String name : disk.list(folder.directory())) {
            long base = LogFiles.offset(name, LogFiles.LOG);
            if (base >= 0) {
                bases.add(base);
            }
        }
        long known =
                expected.tailMayBeLost()
                        ? Math.min(expected.syncedTo(), expected.knownEnd())
                        : expected.knownEnd();
        if (known >= expected.logStart()) {
            from = known;
            segments.addAll(new KnownSegments(folder, expected, bases).below(known));
        } else {
            // Retention has gone further than what is known, and may have taken those segments. The
            // log start is the base of one, where the look can begin without them.
            from = expected.logStart();
        }
        EpochChain chain = expected.chain().truncate(from);
        List<Span> spans = new ArrayList<>();
        for (Segment segment : segments) {
            spans.add(Span.of(segment));
        }
        // Which epochs wrote what lies between the known end and the log start is not known, and
        // need not be: it was committed, so that its snapshots are of this history.
        EpochChain compared = from > expected.knownEnd() ? EpochChain.EMPTY : chain;
        List<Long> snapshots = ProducerReplay.snapshots(disk, folder.directory());
        producers.table(
                new ProducerReplay(folder, compared)
                        .upTo(from, snapshots, ProducerSnapshot.of(expected.producers()), spans));
        log = new PartitionLog(folder, segments, producers, expected.logStart(), from, chain);
        walk = new RecoveryWalk(folder, expected, bases, segments, producers, log, nowMillis);
    }

    /**
     * Recovers a log whose directory exists. It must not be relied upon before {@link #sync}.
     *
     * @throws CorruptLogException if what was durable is not there as it was
     * @throws IOException if the disk fails, or is too full to write again what was torn
     */
    public static LogRecovery recover(
            LogFolder folder, ExpectedLog expected, FrameSource journal, long nowMillis)
            throws IOException, CorruptLogException {
        LogRecovery recovery = new LogRecovery(folder, expected, journal, nowMillis);
        recovery.run();
        return recovery;
    }

    private void run() throws IOException, CorruptLogException {
        boolean lost = walkToSettledEnd();
        if (expected.journaled() && expected.syncedTo() >= expected.settledEnd()) {
            segments.forEach(segment -> segment.synced(segment.bytes()));
        }
        if (!lost) {
            takeJournaled();
            takeWhatFollows();
            requireNothingWholeBehind();
        }
        // Nothing is cut before it is known that the log may end here: what stands behind may be
        // all that is left of what was acknowledged.
        checkEnd(log.logEnd());
        cutBehind();
        writeAgain();
        finishCut();
        settleStart();
        deleteBelowLogStart();
        touched |= new RecoveredSnapshots(folder, log, producers).settle(expected.segmentsEnd());
        walk.end();
    }

    /** Returns true if the tail was lost before the settled end. */
    private boolean walkToSettledEnd() throws IOException, CorruptLogException {
        while (log.logEnd() < expected.settledEnd()) {
            if (!walk.batchFollows()) {
                if (expected.tailMayBeLost()) {
                    return true;
                }
                throw new CorruptLogException(
                        "no batch at " + log.logEnd() + " below " + expected.settledEnd());
            }
            walk.take();
        }
        return false;
    }

    /**
     * Takes what the journal has, from the segments where they have it. What they lack is written
     * in its place, and nothing behind it is cut: it may be the only whole copy of a batch that has
     * been damaged in the journal.
     */
    private void takeJournaled() throws IOException, CorruptLogException {
        boolean written = false;
        for (int i = 0; i < expected.frames().size(); i++) {
            FrameRef frame = expected.frames().get(i);
            if (frame.baseOffset() < from) {
                continue;
            }
            if (frame.baseOffset() != log.logEnd()) {
                throw new CorruptLogException(
                        "journal goes on at " + frame.baseOffset() + " after " + log.logEnd());
            }
            if (walk.batchFollows() && walk.isAt(frame)) {
                walk.take();
                continue;
            }
            if (!written) {
                written = true;
                checkEnd(Math.max(expected.frames().getLast().nextOffset(), expected.heldUpTo()));
            }
            walk.write(frame, read(frame));
        }
    }

    private ByteBuffer read(FrameRef frame) throws IOException, CorruptLogException {
        ByteBuffer batch = journal.read(frame);
        if (!folder.partition().owns(batch, batch.position())) {
            throw new CorruptLogException(
                    "the journal has another partition's batch at " + log.logEnd());
        }
        return batch;
    }

    private void takeWhatFollows() throws IOException {
        long limit = expected.cuttingTo() < 0 ? Long.MAX_VALUE : expected.cuttingTo();
        while (log.logEnd() < limit && walk.batchFollows()) {
            walk.take();
        }
    }

    /** Removes what stands behind the log end. */
    private void cutBehind() throws IOException {
        walk.cutRests();
        // Also one among them: what another segment was written over since it could not be entered.
        long first = segments.isEmpty() ? Long.MIN_VALUE : segments.get(0).baseOffset();
        Set<Long> held = segments.stream().map(Segment::baseOffset).collect(Collectors.toSet());
        for (long base : List.copyOf(bases.tailSet(first))) {
            if (held.contains(base)) {
                continue;
            }
            disk.delete(LogFiles.path(folder.directory(), base, LogFiles.LOG));
            SegmentIndexFiles.delete(disk, folder.directory(), base);
            bases.remove(base);
            touched = true;
        }
    }

    /**
     * Makes all of the log that is not known to be synced ready to be synced, for topics of which
     * the journal is about to be void, and where a sync has failed: the system takes what it could
     * not write for written, and another sync would not write it.
     */
    private void writeAgain() throws IOException {
        for (Segment segment : segments) {
            if ((expected.journaled() || expected.doubtful()) && segment.unsynced()) {
                segment.writeAgain();
            }
        }
    }

    /** Also where nothing is left to be cut: what cut it may not have lived to sync it. */
    private void finishCut() throws IOException {
        if (expected.cuttingTo() >= 0 && log.logEnd() >= expected.cuttingTo()) {
            LogCut cut = log.planCut(expected.cuttingTo());
            cut.derive();
            cut.run();
            log.cut(cut);
        }
    }

    /**
     * A process that was killed leaves half a batch at most, as the last thing in the last file. In
     * the same boot of the machine, a whole batch behind bytes that are none proves damage, where
     * the journal does not say what belongs there.
     */
    private void requireNothingWholeBehind() throws IOException, CorruptLogException {
        if (expected.journaled() || expected.tailMayBeLost() || expected.cuttingTo() >= 0) {
            return;
        }
        if (walk.anyWholeBehind()) {
            throw new CorruptLogException(
                    "no batch at " + log.logEnd() + ", but whole ones behind it");
        }
    }

    private void checkEnd(long end) throws CorruptLogException {
        if (expected.unsyncedMayBeGone()) {
            return;
        }
        if (end < expected.heldUpTo() && !expected.tailMayBeLost()) {
            throw new CorruptLogException("no batch at " + end + " below " + expected.heldUpTo());
        }
        long least =
                Math.max(
                        expected.logStart(),
                        Math.max(expected.highWatermark(), expected.cuttingTo()));
        if (end < least) {
            throw new CorruptLogException("ends at " + end + " below " + least);
        }
    }

    /** What may have ended before the log start is an empty log that begins there. */
    private void settleStart() throws IOException {
        if (log.logEnd() < expected.logStart()) {
            for (Segment segment : segments) {
                segment.delete();
            }
            log.clear(expected.logStart());
            touched = true;
        }
        LogTrim trim = log.startAt(expected.logStart());
        touched |= !trim.nothing();
        trim.run();
    }

    private void deleteBelowLogStart() throws IOException {
        long first = segments.isEmpty() ? log.logEnd() : segments.get(0).baseOffset();
        for (long base : bases.headSet(first)) {
            disk.delete(LogFiles.path(folder.directory(), base, LogFiles.LOG));
            SegmentIndexFiles.delete(disk, folder.directory(), base);
            touched = true;
        }
    }

    /** The log that was recovered. */
    public PartitionLog log() {
        return log;
    }

    /** Makes all of the log durable, from any thread. To be called once. */
    public void sync() throws IOException {
        for (Segment segment : segments) {
            if (expected.journaled() && segment.unsynced()) {
                segment.file().sync();
                segment.synced(segment.bytes());
            }
        }
        if (touched || walk.touched()) {
            disk.syncDirectory(folder.directory());
        }
    }
}
