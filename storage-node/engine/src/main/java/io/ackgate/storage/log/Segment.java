package io.ackgate.storage.log;

import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.UnreachableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One file of a log. */
final class Segment {
    /** Bytes that {@link #writeAgain} has in hand at a time. */
    private static final int MAX_PIECE_BYTES = 256 << 10;

    private final LogFolder folder;
    private final long baseOffset;
    private @Nullable DiskFile file;

    /** Bytes of whole frames; what stands behind them is not the log's. */
    private int bytes;

    /** Of all its batches, as far as they are whole; null when not loaded. */
    private @Nullable SparseIndex index;

    /**
     * Greatest timestamp of its batches; null when not known. It is known whenever a batch is noted
     * in the index, since each entry carries the greatest before it.
     */
    private @Nullable Long maxTimestamp;

    /** Whether the index ends before the batches do, because one of them is damaged. */
    private boolean indexIncomplete;

    private final SegmentAge age;

    /** Bytes known to be synced, together with where the file ends; -1 if nothing is known. */
    private int syncedBytes = -1;

    /** Raised by every cut: what was noted before one says nothing of what stands there after. */
    private int cuts;

    /** Whether a write that failed may have left something behind the frames. */
    private boolean remainder;

    /** No longer part of the log: its file is gone or about to go. */
    private volatile boolean removed;

    private Segment(LogFolder folder, long baseOffset, int bytes, SegmentAge age) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.bytes = bytes;
        this.age = age;
    }

    /** Creates the file of an empty segment. */
    static Segment create(LogFolder folder, long baseOffset, long nowMillis) throws IOException {
        Segment segment = new Segment(folder, baseOffset, 0, SegmentAge.begun(nowMillis));
        // A file of this name can only be what an append left that did not succeed.
        folder.disk().delete(segment.path());
        segment.file = folder.disk().create(segment.path());
        segment.index = segment.newIndex();
        segment.maxTimestamp = Long.MIN_VALUE;
        return segment;
    }

    /** A segment whose file is there and holds {@code bytes} of whole frames. */
    static Segment existing(LogFolder folder, long baseOffset, int bytes, SegmentAge age) {
        return new Segment(folder, baseOffset, bytes, age);
    }

    private SparseIndex newIndex() {
        return new SparseIndex(folder.indexIntervalBytes());
    }

    String path() {
        return folder.path(baseOffset, LogFiles.LOG);
    }

    long baseOffset() {
        return baseOffset;
    }

    int bytes() {
        return bytes;
    }

    /** Whether something of the file is not known to be synced. */
    boolean unsynced() {
        return syncedBytes < bytes;
    }

    /** The file was synced when it held this many bytes. */
    void synced(int upTo) {
        syncedBytes = Math.max(syncedBytes, Math.min(upTo, bytes));
    }

    int cuts() {
        return cuts;
    }

    void remove() {
        removed = true;
    }

    boolean removed() {
        return removed;
    }

    DiskFile file() throws IOException {
        DiskFile open = file;
        if (open == null) {
            open = folder.disk().open(path());
            file = open;
        }
        return open;
    }

    /**
     * Writes again what is not known to be synced, the same bytes in the same place, so that a sync
     * has them to write: pages that an earlier fsync failed to write count as clean.
     */
    void writeAgain() throws IOException {
        DiskFile open = file();
        int position = Math.max(0, syncedBytes);
        ByteBuffer piece = ByteBuffer.allocate(Math.min(MAX_PIECE_BYTES, bytes - position));
        while (position < bytes) {
            piece.clear().limit(Math.min(piece.capacity(), bytes - position));
            int read = open.read(piece, position);
            if (read == 0) {
                throw new DamagedLogException(path() + " ends at " + position + " before " + bytes);
            }
            open.write(piece.flip(), position);
            position += read;
        }
    }

    /** Writes a frame behind the others. If that fails, what was written of it is cut off again. */
    void append(ByteBuffer frame, long offset, long timestamp, long nowMillis) throws IOException {
        DiskFile open = file();
        int length = frame.remaining();
        if (remainder) {
            cutRemainder(open);
        }
        try {
            open.write(frame.duplicate(), bytes);
        } catch (UnreachableFileException notBegun) {
            throw notBegun;
        } catch (IOException e) {
            remainder = true;
            try {
                cutRemainder(open);
            } catch (IOException again) {
                // Cut before the next append instead.
                e.addSuppressed(again);
            }
            throw e;
        }
        note(offset, bytes, length, timestamp, nowMillis);
    }

    private void cutRemainder(DiskFile open) throws IOException {
        try {
            open.truncate(bytes);
        } catch (IOException e) {
            throw new UnreachableFileException("cannot cut " + path() + ": " + e);
        }
        remainder = false;
    }

    /** Takes in a frame that stands in the file behind the others. */
    void note(long offset, int position, int length, long timestamp, long nowMillis) {
        age.appended(position == 0, timestamp, nowMillis);
        if (position == 0) {
            index = newIndex();
            indexIncomplete = false;
            maxTimestamp = Long.MIN_VALUE;
        }
        if (index == null || maxTimestamp == null) {
            // What stands before is not known: whoever needs the index derives all of it.
            index = null;
            maxTimestamp = null;
        } else {
            index.offer((int) (offset - baseOffset), position, maxTimestamp);
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        bytes = position + length;
    }

    /** Makes the bytes up to {@code newBytes} all there is. The file is cut by the caller. */
    void cut(int newBytes) {
        bytes = newBytes;
        syncedBytes = -1;
        cuts++;
        index = null;
        maxTimestamp = null;
    }

    /** The index, loaded or rebuilt if need be. */
    SparseIndex index() throws IOException {
        if (index == null) {
            load();
        }
        return Objects.requireNonNull(index);
    }

    /** Greatest timestamp of the batches, {@link Long#MIN_VALUE} if there are none. */
    long maxTimestamp() throws IOException {
        if (maxTimestamp == null) {
            load();
        }
        return Objects.requireNonNull(maxTimestamp);
    }

    private void load() throws IOException {
        SegmentIndexFiles.Loaded loaded = SegmentIndexFiles.read(folder, baseOffset, bytes);
        if (loaded == null) {
            rebuildIndex();
        } else {
            index = loaded.index();
            maxTimestamp = loaded.maxTimestamp();
            indexIncomplete = false;
        }
    }

    /** Reads the heads of all frames; stops at what is no frame, which a read will find as well. */
    void rebuildIndex() throws IOException {
        SparseIndex rebuilt = newIndex();
        long greatest = Long.MIN_VALUE;
        FrameWalk walk = FrameWalk.heads(file(), folder.partition(), 0, bytes);
        long next = baseOffset;
        while (walk.look() == FrameWalk.Step.FRAME && walk.baseOffset() == next) {
            rebuilt.offer((int) (walk.baseOffset() - baseOffset), walk.position(), greatest);
            greatest = Math.max(greatest, walk.maxTimestamp());
            next = walk.nextOffset();
            walk.advance();
        }
        index = rebuilt;
        indexIncomplete = walk.position() < bytes;
        // Whoever searches by time must come to where the damage is, and not pass it by.
        maxTimestamp = indexIncomplete ? Long.valueOf(Long.MAX_VALUE) : Long.valueOf(greatest);
    }

    /** Forgets the index of a segment that nobody reads; it comes back from its file. */
    void unloadIndex() {
        index = null;
    }

    boolean indexLoaded() {
        return index != null;
    }

    /**
     * Position of the batch that holds the offset.
     *
     * @return {@link #bytes} if the offset is the next after the last batch; -1 if there is no way
     *     to it over whole batches
     */
    int positionOf(long offset) throws IOException {
        int found = walkTo(offset, index().positionFor((int) (offset - baseOffset)));
        if (found < 0) {
            rebuildIndex();
            found = walkTo(offset, 0);
        }
        return found;
    }

    /**
     * Where the batch begins that {@link #positionOf} has found for an offset.
     *
     * @throws DamagedLogException if none can be read there, and the offset is not the next after
     *     the batch before
     */
    long offsetAt(int position, long offset) throws IOException {
        FrameWalk walk = FrameWalk.heads(file(), folder.partition(), position, bytes);
        if (walk.look() == FrameWalk.Step.FRAME) {
            return walk.baseOffset();
        }
        if (endOfWalkTo(offset) == position) {
            // What begins there is damaged, and is about to go.
            return offset;
        }
        throw new DamagedLogException("no batch at " + position + " in " + path());
    }

    /** Where the last of the batches ends that stand below an offset, over whole batches only. */
    private int endOfWalkTo(long offset) throws IOException {
        FrameWalk walk = FrameWalk.heads(file(), folder.partition(), 0, bytes);
        long next = baseOffset;
        while (next < offset && walk.look() == FrameWalk.Step.FRAME) {
            next = walk.nextOffset();
            walk.advance();
        }
        return next == offset ? walk.position() : -1;
    }

    private int walkTo(long offset, int from) throws IOException {
        FrameWalk walk = FrameWalk.heads(file(), folder.partition(), from, bytes);
        long next = from == 0 ? baseOffset : -1;
        while (true) {
            if (next == offset) {
                return walk.position();
            }
            switch (walk.look()) {
                case END, BAD -> {
                    return -1;
                }
                case FRAME -> {
                    if (walk.baseOffset() > offset) {
                        return -1;
                    }
                    if (walk.nextOffset() > offset) {
                        return walk.position();
                    }
                    next = walk.nextOffset();
                    walk.advance();
                }
            }
        }
    }

    /** What the index files of this segment have to say; taken when it will not grow any more. */
    SegmentIndexFiles.Loaded indexContent() throws IOException {
        long greatest = maxTimestamp();
        SparseIndex complete = index();
        if (indexIncomplete) {
            throw new DamagedLogException("no way through " + path());
        }
        return new SegmentIndexFiles.Loaded(complete, greatest);
    }

    /** How old its records are. */
    SegmentAge age() {
        return age;
    }

    /** Deletes the file and its indexes. */
    void delete() throws IOException {
        close();
        folder.disk().delete(path());
        SegmentIndexFiles.delete(folder.disk(), folder.directory(), baseOffset);
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
