package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.UnreachableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file of a segment: whole frames, and behind them at most what a write that failed has left.
 */
final class SegmentFile {
    /** Bytes that {@link #writeAgain} has in hand at a time. */
    private static final int MAX_PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final String path;
    private @Nullable DiskFile file;

    /** Whether a write that failed may have left something behind the frames. */
    private boolean remainder;

    /** Whether the log has let go of the file, for good. */
    private boolean closed;

    SegmentFile(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Makes the file, with nothing in it. */
    synchronized void create() throws IOException {
        // A file of this name can only be what an append left that did not succeed.
        disk.delete(path);
        file = disk.create(path);
    }

    /**
     * The file, from any thread.
     *
     * @throws IOException if the log has let go of it: whoever reads on is not to open it again,
     *     since nobody would close it
     */
    synchronized DiskFile open() throws IOException {
        if (closed) {
            throw new IOException(path + " is closed: its log is not in use any more");
        }
        DiskFile open = file;
        if (open == null) {
            open = disk.open(path);
            file = open;
        }
        return open;
    }

    /**
     * Writes {@code [from, to)} again, the same bytes in the same place, so that a sync has them to
     * write: pages that an earlier fsync failed to write count as clean.
     */
    void writeAgain(int from, int to) throws IOException {
        DiskFile open = open();
        int position = from;
        ByteBuffer piece = ByteBuffer.allocate(Math.min(MAX_PIECE_BYTES, to - position));
        while (position < to) {
            piece.clear().limit(Math.min(piece.capacity(), to - position));
            int read = open.read(piece, position);
            if (read == 0) {
                throw new DamagedLogException(path + " ends at " + position + " before " + to);
            }
            open.write(piece.flip(), position);
            position += read;
        }
    }

    /**
     * Writes a frame behind the others. If that fails, what was written of it is cut off again.
     *
     * @param bytes of whole frames that the file holds
     */
    void append(ByteBuffer frame, int bytes) throws IOException {
        cutRemainder(bytes);
        DiskFile open = open();
        try {
            open.write(frame.duplicate(), bytes);
        } catch (UnreachableFileException notBegun) {
            throw notBegun;
        } catch (IOException e) {
            remainder = true;
            try {
                cutRemainder(open, bytes);
            } catch (IOException again) {
                // Cut before anything else is appended to the log.
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Cuts off what a write that failed may have left behind so many bytes. */
    void cutRemainder(int bytes) throws IOException {
        if (remainder) {
            cutRemainder(open(), bytes);
        }
    }

    private void cutRemainder(DiskFile open, int bytes) throws IOException {
        try {
            open.truncate(bytes);
        } catch (IOException e) {
            throw new UnreachableFileException("cannot cut " + path + ": " + e);
        }
        remainder = false;
    }

    synchronized void close() throws IOException {
        closed = true;
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
