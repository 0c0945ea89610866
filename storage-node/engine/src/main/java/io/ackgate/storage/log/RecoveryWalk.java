package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.journal.FrameRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;

/** Goes over what stands at the end of a log that is recovered, and takes it into the log. */
final class RecoveryWalk {
    private final LogFolder folder;
    private final ExpectedLog expected;

    /** Bases of the segment files that are there. */
    private final NavigableSet<Long> bases;

    /** Of the log, as far as they have been entered. */
    private final List<Segment> segments;

    private final ProducerState producers;
    private final PartitionLog log;
    private final long nowMillis;

    /** Over the last segment that has been entered. */
    private FrameWalk walk;

    /** Segments behind whose frames something else stands, though the next one has been entered. */
    private final List<Segment> unended = new ArrayList<>();

    /** Whether anything has been taken or written. */
    private boolean touched;

    RecoveryWalk(
            LogFolder folder,
            ExpectedLog expected,
            NavigableSet<Long> bases,
            List<Segment> segments,
            ProducerState producers,
            PartitionLog log,
            long nowMillis)
            throws IOException {
        this.folder = folder;
        this.expected = expected;
        this.bases = bases;
        this.segments = segments;
        this.producers = producers;
        this.log = log;
        this.nowMillis = nowMillis;
        this.walk = walkFromEnd();
    }

    private Segment existing(long base) {
        return Segment.existing(folder, base, 0, SegmentAge.begun(nowMillis));
    }

    private FrameWalk walkFromEnd() throws IOException {
        Segment last = log.lastSegment();
        if (last == null) {
            return FrameWalk.nowhere();
        }
        DiskFile file = last.file();
        int size = (int) Math.min(file.size(), Integer.MAX_VALUE);
        return FrameWalk.whole(file, folder.partition(), last.bytes(), size);
    }

    /** Whether a batch that may follow stands at the log end; {@link #walk} is at it then. */
    boolean batchFollows() throws IOException {
        return isNext(walk.look()) || (entersNext() && isNext(walk.look()));
    }

    private boolean isNext(FrameWalk.Step step) {
        return step == FrameWalk.Step.FRAME
                && walk.baseOffset() == log.logEnd()
                && walk.leaderEpoch() >= log.chain().lastEpoch()
                && walk.leaderEpoch() <= expected.epoch();
    }

    /**
     * Enters the segment that begins at the log end, if there is one. Something in it proves that
     * the one before ended there: what stands behind that is of a write that failed. An empty one
     * proves nothing, as an append that came to no more may have made it.
     */
    private boolean entersNext() throws IOException {
        Segment last = log.lastSegment();
        boolean entered = last != null && last.baseOffset() >= log.logEnd();
        if (entered || !bases.contains(log.logEnd())) {
            return false;
        }
        Segment next = existing(log.logEnd());
        boolean whole = walk.look() == FrameWalk.Step.END;
        if (!whole && next.file().size() == 0) {
            next.close();
            return false;
        }
        if (!whole && last != null) {
            unended.add(last);
        }
        segments.add(next);
        // It may have been begun without a snapshot being written, or lost it.
        producers.snapshot(log.logEnd(), log.chain().epochAt(log.logEnd() - 1));
        touched = true;
        walk = walkFromEnd();
        return true;
    }

    void take() {
        Segment last = segments.get(segments.size() - 1);
        touched = true;
        last.note(
                walk.baseOffset(),
                walk.position(),
                walk.frameLength(),
                walk.maxTimestamp(),
                nowMillis);
        log.takeIn(walk.buffer(), walk.frame());
        walk.advance();
    }

    /** Whether the batch that follows is this one of the journal. */
    boolean isAt(FrameRef frame) {
        return walk.frameLength() == frame.length()
                && BatchFrame.frameCrc(walk.buffer(), walk.frame()) == frame.frameCrc();
    }

    /** Writes a batch that the journal has in its place. */
    void write(FrameRef frame, ByteBuffer batch) throws IOException {
        touched = true;
        if (walk.look() == FrameWalk.Step.END) {
            log.append(batch, expected.segmentBytes(), Long.MAX_VALUE, nowMillis);
            return;
        }
        int at = batch.position();
        Segment last = segments.get(segments.size() - 1);
        int position = last.bytes();
        last.file().write(batch.duplicate(), position);
        long timestamp = RecordBatch.maxTimestamp(batch, BatchFrame.batchPosition(at));
        last.note(frame.baseOffset(), position, frame.length(), timestamp, nowMillis);
        log.takeIn(batch, at);
        walk.skip(frame.length(), frame.nextOffset());
    }

    /** Cuts the files where the frames in them end; durably, wherever that changes anything. */
    void cutRests() throws IOException {
        Segment last = log.lastSegment();
        for (Segment segment : unended) {
            cutRest(segment);
        }
        if (last != null) {
            cutRest(last);
        }
    }

    private void cutRest(Segment segment) throws IOException {
        DiskFile file = segment.file();
        if (file.size() > segment.bytes()) {
            // Synced for every kind of topic: what is behind the end that is reported now must not
            // be there again after the next loss of power.
            file.truncate(segment.bytes());
            file.sync();
            touched = true;
        }
    }

    /** Whether a whole batch stands behind the log end, in any segment. */
    boolean anyWholeBehind() throws IOException {
        Segment last = log.lastSegment();
        long lastBase = last == null ? Long.MIN_VALUE : last.baseOffset();
        boolean more = last != null && frameBehind(last);
        for (Segment segment : unended) {
            more |= frameBehind(segment);
        }
        for (long base : bases.tailSet(lastBase, false)) {
            Segment other = existing(base);
            more |= frameBehind(other);
            other.close();
        }
        return more;
    }

    private boolean frameBehind(Segment segment) throws IOException {
        int size = (int) Math.min(segment.file().size(), Integer.MAX_VALUE);
        return FrameSearch.anyWhole(
                segment.file(),
                folder.partition(),
                segment.bytes(),
                size,
                log.logEnd(),
                expected.epoch());
    }

    /**
     * Gives its buffer back, which may be as large as the largest batch: other logs are opened
     * beside this one before it is synced.
     */
    void end() {
        walk = FrameWalk.nowhere();
    }

    boolean touched() {
        return touched;
    }
}
