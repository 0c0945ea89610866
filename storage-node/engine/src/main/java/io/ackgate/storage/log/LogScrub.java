package io.ackgate.storage.log;

import io.ackgate.storage.api.PartitionId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over what a log had synced when this began, a piece at a time, and checks every byte of
 * it: what is written meanwhile is the next one's, so that there is an end however much that is.
 * Confined to the engine's thread but for {@link Piece#run}. What is cut, or deleted by retention,
 * while a piece is looked at proves nothing.
 */
public final class LogScrub {
    private final PartitionLog log;

    /** The segment that grew when this began. */
    private final long lastBase;

    /** What was synced of that segment, bytes. */
    private final int lastBytes;

    /** Where the log ended then. */
    private final long lastEnd;

    /** Where the first segment begins of which a part was passed over, since it was not synced. */
    private long passedOver = Long.MAX_VALUE;

    /** Of the segment looked at last; below every offset before the first. */
    private long segmentBase = Long.MIN_VALUE;

    /** What that segment had seen of cuts: after another it is looked at from its beginning. */
    private int cuts;

    private int position;

    /** Offset at which the frame at the position must begin. */
    private long nextOffset;

    public LogScrub(PartitionLog log) {
        this.log = log;
        Segment last = log.segments().isEmpty() ? null : log.segments().getLast();
        this.lastBase = last == null ? Long.MIN_VALUE : last.baseOffset();
        this.lastBytes = last == null ? 0 : last.syncedBytes();
        this.lastEnd = log.logEnd();
        this.nextOffset = last == null ? lastEnd : log.segments().getFirst().baseOffset();
    }

    /**
     * The next piece; null at the end of the log.
     *
     * @param maxBytes after which the piece ends with the next whole frame
     */
    public @Nullable Piece next(int maxBytes) {
        for (Segment segment : log.segments()) {
            if (segment.baseOffset() > lastBase) {
                return null;
            }
            if (segment.baseOffset() < segmentBase) {
                continue;
            }
            if (segment.baseOffset() > segmentBase || segment.cuts() != cuts) {
                segmentBase = segment.baseOffset();
                cuts = segment.cuts();
                position = 0;
                nextOffset = segmentBase;
            }
            int end = segment.syncedBytes();
            if (segment.baseOffset() == lastBase) {
                end = Math.min(end, lastBytes);
            }
            if (position < end) {
                int pieceEnd = (int) Math.min((long) position + maxBytes, end);
                return new Piece(segment, log.partition(), position, nextOffset, pieceEnd);
            }
            if (end < segment.bytes() && segment.baseOffset() < lastBase) {
                passedOver = Math.min(passedOver, segment.baseOffset());
            }
        }
        return null;
    }

    /**
     * Every segment of the log below this offset has been looked at, or as much of it as could be;
     * no bound when that is all that the log held when this began. A segment that is not synced, as
     * the growing one of a log that is not journaled, has not been looked at.
     */
    public long lookedUpTo() {
        long end = Math.min(passedOver, nextOffset);
        return end >= lastEnd ? Long.MAX_VALUE : end;
    }

    /** Where the segment ends that a piece is of, or the log if that is the growing one. */
    public long endOf(Piece piece) {
        for (Segment segment : log.segments()) {
            if (segment.baseOffset() > piece.segment.baseOffset()) {
                return segment.baseOffset();
            }
        }
        return log.logEnd();
    }

    /**
     * Takes back a piece that has been run, and goes behind it. Where it is not whole, or could not
     * be read, it is not known where the next frame begins: what comes next is the next segment.
     *
     * @return what is wrong with the log, as a sentence; null if nothing is known to be
     */
    public @Nullable String done(Piece piece) {
        if (!piece.stillThere()) {
            return null;
        }
        boolean whole = piece.failure == null && piece.rot == null;
        position = whole ? piece.position : Integer.MAX_VALUE;
        nextOffset = whole ? piece.nextOffset : endOf(piece);
        return piece.rot;
    }

    /** A few frames of one segment. */
    public static final class Piece {
        private final Segment segment;
        private final PartitionId partition;
        private final int cuts;
        private final int limit;
        private final int end;
        private int position;
        private long nextOffset;
        private long bytesRead;
        private @Nullable String rot;
        private @Nullable IOException failure;

        private Piece(
                Segment segment, PartitionId partition, int position, long nextOffset, int end) {
            this.segment = segment;
            this.partition = partition;
            this.cuts = segment.cuts();
            this.limit = segment.syncedBytes();
            this.end = end;
            this.position = position;
            this.nextOffset = nextOffset;
        }

        /** Reads and checks; from any thread. */
        public void run() {
            try {
                FrameWalk walk =
                        FrameWalk.piece(segment.file(), partition, position, limit, end - position);
                walk.expect(nextOffset);
                while (rot == null && position < end) {
                    if (walk.look() == FrameWalk.Step.FRAME) {
                        nextOffset = walk.nextOffset();
                        walk.advance();
                        position = walk.position();
                    } else {
                        rot =
                                "no whole batch of offset %d at byte %d of %s"
                                        .formatted(nextOffset, position, segment.path());
                    }
                }
                bytesRead = walk.bytesRead();
            } catch (IOException e) {
                if (DamagedLogException.proves(e)) {
                    rot = String.valueOf(e);
                } else {
                    failure = e;
                }
            }
        }

        /** The file that it is a piece of. */
        public String path() {
            return segment.path();
        }

        /** Offset up to which its frames are whole. */
        public long wholeUpTo() {
            return nextOffset;
        }

        /** Bytes that were read from the disk, some of them twice; 0 when a read failed. */
        public long bytesRead() {
            return bytesRead;
        }

        /** What kept the bytes from being read, and says nothing about them; null if nothing. */
        public @Nullable IOException failure() {
            return stillThere() ? failure : null;
        }

        private boolean stillThere() {
            return !segment.removed() && segment.cuts() == cuts;
        }
    }
}
