package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.checkpoint.UnsyncedEnd;
import io.ackgate.storage.producer.ProducerTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one replica, dense from {@link #logStart} to {@link #logEnd}.
 *
 * <p>Segments ascend, and each ends where the next one begins; the last one grows. There is none
 * until the first append.
 */
public final class PartitionLog {
    private final LogFolder folder;
    private final List<Segment> segments;
    private final ProducerState producers;
    private long logStart;
    private long logEnd;
    private EpochChain chain;
    private final Unflushed unflushed;

    PartitionLog(
            LogFolder folder,
            List<Segment> segments,
            ProducerState producers,
            long logStart,
            long logEnd,
            EpochChain chain) {
        this.folder = folder;
        this.segments = segments;
        this.producers = producers;
        this.logStart = logStart;
        this.logEnd = logEnd;
        this.chain = chain;
        this.unflushed = new Unflushed(folder, segments, producers);
    }

    public String directory() {
        return folder.directory();
    }

    /** First offset held. */
    public long logStart() {
        return logStart;
    }

    /** Next offset to be written. */
    public long logEnd() {
        return logEnd;
    }

    public EpochChain chain() {
        return chain;
    }

    public ProducerTable producers() {
        return producers.table();
    }

    List<Segment> segments() {
        return segments;
    }

    PartitionId partition() {
        return folder.partition();
    }

    /**
     * Appends a frame that has been verified, whose base offset is the log end and whose epoch is
     * not below the chain's last.
     *
     * @param segmentBytes size at which a new segment begins
     * @param segmentMillis age of a segment's first batch at which a new one begins
     * @throws io.ackgate.storage.disk.DiskFullException if there is no space; nothing has changed
     * @throws io.ackgate.storage.disk.UnreachableFileException if a file cannot be opened or
     *     created; nothing has changed
     * @throws IOException if the log cannot be trusted any more
     */
    public void append(ByteBuffer frame, int segmentBytes, long segmentMillis, long nowMillis)
            throws IOException {
        int at = frame.position();
        long baseOffset = BatchFrame.baseOffset(frame, at);
        Segment segment = segmentFor(frame.remaining(), segmentBytes, segmentMillis, nowMillis);
        long timestamp = RecordBatch.maxTimestamp(frame, BatchFrame.batchPosition(at));
        segment.append(frame, baseOffset, timestamp, nowMillis);
        takeIn(frame, at);
    }

    /** Derives what a frame that now stands at the end of the log changes. */
    void takeIn(ByteBuffer frame, int at) {
        long baseOffset = BatchFrame.baseOffset(frame, at);
        chain = chain.append(BatchFrame.leaderEpoch(frame, at), baseOffset);
        producers.appended(frame, at);
        logEnd = RecordBatch.nextOffset(frame, BatchFrame.batchPosition(at));
    }

    private Segment segmentFor(int frameBytes, int segmentBytes, long segmentMillis, long nowMillis)
            throws IOException {
        Segment last = lastSegment();
        if (last != null
                && (last.bytes() == 0
                        || ((long) last.bytes() + frameBytes <= segmentBytes
                                && !last.age().begunBefore(segmentMillis, nowMillis)
                                && logEnd - last.baseOffset() < Integer.MAX_VALUE / 2))) {
            return last;
        }
        return roll(nowMillis);
    }

    /** Begins a new segment, so that retention can let go of the ones before it. */
    public void beginSegment(long nowMillis) throws IOException {
        roll(nowMillis);
    }

    /** Begins a new segment at the log end, with a snapshot of the producers as of there. */
    private Segment roll(long nowMillis) throws IOException {
        Segment last = lastSegment();
        if (last != null) {
            // Nothing cuts it later, and a start would take it for a batch that has been lost.
            last.endWhole();
        }
        unflushed.nameMade();
        Segment next = Segment.create(folder, logEnd, nowMillis);
        if (last != null) {
            unflushed.closed(last);
            producers.snapshot(logEnd, chain.epochAt(logEnd - 1));
        }
        segments.add(next);
        return next;
    }

    @Nullable Segment lastSegment() {
        return segments.isEmpty() ? null : segments.get(segments.size() - 1);
    }

    /** The segment that holds an offset at or above the log start. */
    private @Nullable Segment segmentOf(long offset) {
        for (int i = segments.size() - 1; i >= 0; i--) {
            if (segments.get(i).baseOffset() <= offset) {
                return segments.get(i);
            }
        }
        return null;
    }

    /**
     * The checksum of the frame whose batch begins at an offset below the log end, which tells it
     * from every other; null if no batch begins there.
     */
    public @Nullable Integer frameCrcAt(long baseOffset) throws IOException {
        Segment segment = segmentOf(baseOffset);
        if (baseOffset < logStart || segment == null) {
            return null;
        }
        int position = segment.positionOf(baseOffset);
        if (position < 0 || position == segment.bytes()) {
            throw new DamagedLogException(
                    "no way to offset " + baseOffset + " in " + segment.path());
        }
        FrameWalk walk =
                FrameWalk.heads(segment.file(), folder.partition(), position, segment.bytes());
        return walk.look() == FrameWalk.Step.FRAME && walk.baseOffset() == baseOffset
                ? BatchFrame.frameCrc(walk.buffer(), walk.frame())
                : null;
    }

    /**
     * Finds the place of a read.
     *
     * @return null if there is nothing in the range
     */
    public @Nullable ReadPlan plan(long offset, int maxBytes, long upTo) throws IOException {
        if (offset >= logEnd || offset >= upTo) {
            return null;
        }
        Segment segment = segmentOf(offset);
        if (segment == null) {
            throw new DamagedLogException(
                    "no segment holds offset " + offset + " in " + directory());
        }
        return new ReadPlan(segment, folder.partition(), offset, maxBytes, upTo);
    }

    /** A search for the first record that is as young as a timestamp. */
    public TimestampSearch search(long timestampMillis) {
        List<TimestampSearch.Part> parts = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.bytes() > 0 && segment.age().mayHave(timestampMillis)) {
                parts.add(new TimestampSearch.Part(segment, segment.bytes()));
            }
        }
        return new TimestampSearch(folder.partition(), parts, logStart, timestampMillis);
    }

    /**
     * The log as a checkpoint keeps it.
     *
     * @param cuttingTo where it is being cut, or -1
     * @param allSynced whether everything will have been synced when the checkpoint is written
     */
    public LogEntry entry(long cuttingTo, boolean allSynced) {
        long syncedTo = allSynced ? logEnd : syncedTo();
        List<SegmentEntry> entries = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            entries.add(segment.age().entry(segment.baseOffset(), segment.bytes()));
        }
        return new LogEntry(
                logStart,
                logEnd,
                syncedTo,
                logEnd,
                cuttingTo,
                -1,
                UnsyncedEnd.IN_HAND,
                chain,
                entries,
                producers.forCheckpoint(logEnd, chain.epochAt(logEnd - 1)));
    }

    /**
     * The log as a checkpoint keeps it after a write or a sync has failed: what is not known to be
     * synced is to be looked at before it is believed.
     */
    public LogEntry doubtfulEntry(long cuttingTo) {
        return entry(cuttingTo, false).doubted(syncedTo());
    }

    /** Bytes of all segments. */
    public long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    /** What a cut at an offset has to do; the batch that holds the offset goes as a whole. */
    public LogCut planCut(long offset) throws IOException {
        // The last segment that keeps something; one that begins at the cut goes.
        Segment segment = segmentOf(offset - 1);
        long logEnd = offset;
        int lastBytes = 0;
        if (segment != null) {
            lastBytes = segment.positionOf(offset);
            if (lastBytes < 0) {
                throw new DamagedLogException(
                        "no way to offset " + offset + " in " + segment.path());
            }
            if (lastBytes < segment.bytes()) {
                logEnd = segment.offsetAt(lastBytes, offset);
            }
        }
        return new LogCut(folder, spans(), chain, logEnd, lastBytes);
    }

    private List<Span> spans() {
        List<Span> spans = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            spans.add(Span.of(segment));
        }
        return spans;
    }

    /** Cuts what is derived from the batches; the files have been cut. */
    public void cut(LogCut cut) throws IOException {
        while (!segments.isEmpty() && lastBase() >= cut.logEnd()) {
            Segment removed = segments.remove(segments.size() - 1);
            removed.remove();
            unflushed.forget(removed);
            removed.close();
        }
        Segment last = lastSegment();
        if (last != null) {
            last.cut(cut.lastBytes());
            last.synced(cut.lastBytes());
            unflushed.forget(last);
        }
        logEnd = cut.logEnd();
        chain = chain.truncate(logEnd);
        producers.cutTo(logEnd, cut.producers());
    }

    private long lastBase() {
        return segments.get(segments.size() - 1).baseOffset();
    }

    /** The log start to which retention may move it. */
    public long retainFrom(RetentionRule rule) {
        return rule.startOf(segments, logStart, producers);
    }

    /** Whether the growing segment is so old that only its being the last one keeps it. */
    public boolean lastSegmentOld(RetentionRule rule) {
        Segment last = lastSegment();
        return last != null && rule.wouldTake(last, logEnd);
    }

    /** Forgets all segments; the log is empty and begins at the offset. */
    void clear(long offset) {
        segments.clear();
        logEnd = offset;
        chain = EpochChain.EMPTY;
    }

    /** Moves the log start; the files below it go when the task given back is run. */
    public LogTrim startAt(long newLogStart) {
        List<Segment> dropped = new ArrayList<>();
        while (segments.size() > 1 && segments.get(1).baseOffset() <= newLogStart) {
            Segment segment = segments.remove(0);
            segment.remove();
            dropped.add(segment);
        }
        dropped.forEach(unflushed::forget);
        logStart = newLogStart;
        chain = chain.startAt(newLogStart);
        return new LogTrim(folder.disk(), folder.directory(), dropped, List.of());
    }

    /**
     * What has to be written so that a checkpoint may say that the segments hold everything up to
     * the log end.
     *
     * @param active whether the growing segment is synced as well
     */
    public LogFlush flush(boolean active) {
        return unflushed.flush(active, logEnd, chain.epochAt(logEnd - 1));
    }

    /**
     * Takes back a flush that has been run.
     *
     * @return snapshots that nothing needs any more, to be deleted
     */
    public LogTrim flushed(LogFlush flush) {
        return unflushed.flushed(flush, logStart);
    }

    /** Takes back a flush that will not be run. */
    public void undo(LogFlush flush) {
        unflushed.undo(flush);
    }

    /** Whether there is anything that {@link #flush} would write. */
    public boolean unflushed() {
        return unflushed.any();
    }

    private long syncedTo() {
        for (Segment segment : segments) {
            if (segment.unsynced()) {
                return segment.baseOffset();
            }
        }
        return logEnd;
    }

    public void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
    }
}
