package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One file of a log. */
final class Segment {
    /** Bytes that {@link #writeAgain} has in hand at a time. */
    private static final int MAX_PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final String directory;
    private final long baseOffset;
    private @Nullable DiskFile file;

    /** Bytes of whole frames; what stands behind them is not the log's. */
    private int bytes;

    /** Entries from {@link #indexedFrom} on; null when not loaded. */
    private @Nullable SparseIndex index;

    /** Position from which on the index is complete. */
    private int indexedFrom;

    /** Greatest timestamp of its batches; null when not known. */
    private @Nullable Long maxTimestamp;

    private final SegmentAge age;

    /** Bytes known to be synced, together with where the file ends; -1 if nothing is known. */
    private int syncedBytes = -1;

    /** No longer part of the log: its file is gone or about to go. */
    private volatile boolean removed;

    private Segment(Disk disk, String directory, long baseOffset, int bytes, SegmentAge age) {
        this.disk = disk;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.bytes = bytes;
        this.age = age;
    }

    /** Creates the file of an empty segment. */
    static Segment create(Disk disk, String directory, long baseOffset, long nowMillis)
            throws IOException {
        Segment segment = new Segment(disk, directory, baseOffset, 0, SegmentAge.begun(nowMillis));
        // A file of this name can only be what an append left that did not succeed.
        disk.delete(segment.path());
        segment.file = disk.create(segment.path());
        segment.index = new SparseIndex();
        segment.maxTimestamp = Long.MIN_VALUE;
        return segment;
    }

    /** A segment whose file is there and holds {@code bytes} of whole frames. */
    static Segment existing(
            Disk disk, String directory, long baseOffset, int bytes, SegmentAge age) {
        return new Segment(disk, directory, baseOffset, bytes, age);
    }

    String path() {
        return LogFiles.path(directory, baseOffset, LogFiles.LOG);
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

    void remove() {
        removed = true;
    }

    boolean removed() {
        return removed;
    }

    DiskFile file() throws IOException {
        DiskFile open = file;
        if (open == null) {
            open = disk.open(path());
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
                throw new IOException(path() + " ends at " + position + " before " + bytes);
            }
            open.write(piece.flip(), position);
            position += read;
        }
    }

    /** Writes a frame behind the others. If that fails, what was written of it is cut off again. */
    void append(ByteBuffer frame, long offset, long timestamp, long nowMillis) throws IOException {
        DiskFile open = file();
        int length = frame.remaining();
        try {
            open.write(frame.duplicate(), bytes);
        } catch (IOException e) {
            open.truncate(bytes);
            throw e;
        }
        note(offset, bytes, length, timestamp, nowMillis);
    }

    /** Takes in a frame that stands in the file behind the others. */
    void note(long offset, int position, int length, long timestamp, long nowMillis) {
        age.appended(position == 0, timestamp, nowMillis);
        if (index == null) {
            index = new SparseIndex();
            indexedFrom = position;
        }
        long before = maxTimestamp == null ? Long.MIN_VALUE : maxTimestamp;
        index.offer((int) (offset - baseOffset), position, before);
        if (maxTimestamp != null) {
            maxTimestamp = Math.max(maxTimestamp, timestamp);
        }
        bytes = position + length;
    }

    /** Makes the bytes up to {@code newBytes} all there is. The file is cut by the caller. */
    void cut(int newBytes) {
        bytes = newBytes;
        syncedBytes = -1;
        if (index != null) {
            index.truncate(newBytes);
            indexedFrom = Math.min(indexedFrom, newBytes);
        }
        maxTimestamp = newBytes == 0 ? Long.valueOf(Long.MIN_VALUE) : null;
    }

    /** The index, loaded or rebuilt if need be. */
    SparseIndex index() throws IOException {
        if (index == null || indexedFrom > 0) {
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
        SegmentIndexFiles.Loaded loaded =
                SegmentIndexFiles.read(disk, directory, baseOffset, bytes);
        if (loaded == null) {
            rebuildIndex();
        } else {
            index = loaded.index();
            maxTimestamp = loaded.maxTimestamp();
            indexedFrom = 0;
        }
    }

    /** Reads the heads of all frames; stops at what is no frame, which a read will find as well. */
    void rebuildIndex() throws IOException {
        SparseIndex rebuilt = new SparseIndex();
        long greatest = Long.MIN_VALUE;
        FrameWalk walk = FrameWalk.heads(file(), 0, bytes);
        while (walk.look() == FrameWalk.Step.FRAME) {
            rebuilt.offer((int) (walk.baseOffset() - baseOffset), walk.position(), greatest);
            greatest = Math.max(greatest, walk.maxTimestamp());
            walk.advance();
        }
        index = rebuilt;
        indexedFrom = 0;
        maxTimestamp = greatest;
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

    private int walkTo(long offset, int from) throws IOException {
        FrameWalk walk = FrameWalk.heads(file(), from, bytes);
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
        return new SegmentIndexFiles.Loaded(index(), maxTimestamp());
    }

    /** How old its records are. */
    SegmentAge age() {
        return age;
    }

    /** Deletes the file and its indexes. */
    void delete() throws IOException {
        close();
        disk.delete(path());
        SegmentIndexFiles.delete(disk, directory, baseOffset);
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
