package io.ackgate.storage.log;

import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The batches of one file of a log, and what is known of them. */
final class Segment {
    private final LogFolder folder;
    private final long baseOffset;
    private final SegmentFile file;

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

    /** No longer part of the log: its file is gone or about to go. */
    private volatile boolean removed;

    private Segment(LogFolder folder, long baseOffset, int bytes, SegmentAge age) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.file = new SegmentFile(folder.disk(), folder.path(baseOffset, LogFiles.LOG));
        this.bytes = bytes;
        this.age = age;
    }

    /** Creates the file of an empty segment. */
    static Segment create(LogFolder folder, long baseOffset, long nowMillis) throws IOException {
        Segment segment = new Segment(folder, baseOffset, 0, SegmentAge.begun(nowMillis));
        segment.file.create();
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
        return file.path();
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

    /** How far it is known to be synced, bytes of whole frames. */
    int syncedBytes() {
        return Math.min(syncedBytes, bytes);
    }

    int cuts() {
        return cuts;
    }

    void remove() {
        removed = true;
        folder.indexes().forget(this);
    }

    boolean removed() {
        return removed;
    }

    /**
     * The file, from any thread.
     *
     * @throws IOException if the log has let go of it
     */
    DiskFile file() throws IOException {
        return file.open();
    }

    /** Writes again what is not known to be synced, so that a sync has it to write. */
    void writeAgain() throws IOException {
        file.writeAgain(Math.max(0, syncedBytes), bytes);
    }

    /** Writes a frame behind the others. If that fails, what was written of it is cut off again. */
    void append(ByteBuffer frame, long offset, long timestamp, long nowMillis) throws IOException {
        int length = frame.remaining();
        file.append(frame, bytes);
        note(offset, bytes, length, timestamp, nowMillis);
    }

    /**
     * Sees to it that nothing stands behind the frames in the file.
     *
     * @throws io.ackgate.storage.disk.UnreachableFileException if that cannot be done now
     */
    void endWhole() throws IOException {
        file.cutRemainder(bytes);
    }

    /** Takes in a frame that stands in the file behind the others. */
    void note(long offset, int position, int length, long timestamp, long nowMillis) {
        age.appended(position == 0, timestamp, nowMillis);
        noteInIndex((int) (offset - baseOffset), position, timestamp, position + length);
    }

    private synchronized void noteInIndex(
            int relativeOffset, int position, long timestamp, int newBytes) {
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
            index.offer(relativeOffset, position, maxTimestamp);
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        bytes = newBytes;
    }

    /** Makes the bytes up to {@code newBytes} all there is. The file is cut by the caller. */
    synchronized void cut(int newBytes) {
        bytes = newBytes;
        syncedBytes = -1;
        cuts++;
        index = null;
        maxTimestamp = null;
    }

    /** Position of a batch at or before an offset, if the index is right. From any thread. */
    int positionFor(long offset) throws IOException {
        while (true) {
            loadIndex();
            synchronized (this) {
                if (index != null) {
                    return index.positionFor((int) (offset - baseOffset));
                }
            }
        }
    }

    /** Position before which no record is as young as a timestamp. From any thread. */
    int positionForTimestamp(long timestampMillis) throws IOException {
        while (true) {
            loadIndex();
            synchronized (this) {
                if (index != null) {
                    return index.positionForTimestamp(timestampMillis);
                }
            }
        }
    }

    /**
     * Greatest timestamp of the batches, {@link Long#MIN_VALUE} if there are none. From any thread.
     */
    long maxTimestamp() throws IOException {
        while (true) {
            synchronized (this) {
                if (maxTimestamp != null) {
                    return maxTimestamp;
                }
            }
            loadIndex();
        }
    }

    /**
     * Has the index in memory, from its files or rebuilt. Files are read beside whoever appends or
     * cuts: what has changed meanwhile is found out in the end.
     */
    private void loadIndex() throws IOException {
        int to;
        int seen;
        synchronized (this) {
            if (index != null && maxTimestamp != null) {
                folder.indexes().used(this);
                return;
            }
            to = bytes;
            seen = cuts;
        }
        boolean there = false;
        while (!there) {
            SegmentIndexFiles.Loaded files = SegmentIndexFiles.read(folder, baseOffset, to);
            IndexBuild build = new IndexBuild(folder, file(), baseOffset);
            if (files == null) {
                build.upTo(to);
            }
            synchronized (this) {
                if (cuts == seen) {
                    // A few batches at most have been appended since.
                    there = files == null || bytes == to;
                    if (files != null && there) {
                        index = files.index();
                        maxTimestamp = files.maxTimestamp();
                        indexIncomplete = false;
                    } else if (there) {
                        take(build);
                    }
                }
                to = bytes;
                seen = cuts;
            }
        }
        folder.indexes().loaded(this);
    }

    private void take(IndexBuild build) throws IOException {
        build.upTo(bytes);
        index = build.index();
        indexIncomplete = build.position() < bytes;
        // Whoever searches by time must come to where the damage is, and not pass it by.
        maxTimestamp =
                indexIncomplete ? Long.valueOf(Long.MAX_VALUE) : Long.valueOf(build.greatest());
    }

    /** Reads the heads of all frames; stops at what is no frame, which a read will find as well. */
    private synchronized void rebuildIndex() throws IOException {
        IndexBuild build = new IndexBuild(folder, file(), baseOffset);
        take(build);
    }

    /** Forgets the index of a segment that nobody reads; it comes back from its file. */
    synchronized void unloadIndex() {
        index = null;
    }

    /** Whether the index is in memory. */
    synchronized boolean indexLoaded() {
        return index != null;
    }

    /**
     * Position of the batch that holds the offset.
     *
     * @return {@link #bytes} if the offset is the next after the last batch; -1 if there is no way
     *     to it over whole batches
     */
    int positionOf(long offset) throws IOException {
        int found = way().from(positionFor(offset), offset);
        if (found < 0) {
            rebuildIndex();
            found = way().from(0, offset);
        }
        return found;
    }

    private WayToOffset way() throws IOException {
        return new WayToOffset(file(), folder.partition(), baseOffset, bytes);
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
        if (way().endBefore(offset) == position) {
            // What begins there is damaged, and is about to go.
            return offset;
        }
        throw new DamagedLogException("no batch at " + position + " in " + path());
    }

    /** What the index files of this segment have to say; taken when it will not grow any more. */
    SegmentIndexFiles.Loaded indexContent() throws IOException {
        loadIndex();
        synchronized (this) {
            SparseIndex complete = index;
            Long greatest = maxTimestamp;
            if (indexIncomplete || complete == null || greatest == null) {
                throw new DamagedLogException("no way through " + path());
            }
            return new SegmentIndexFiles.Loaded(complete, greatest);
        }
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
        file.close();
    }
}
