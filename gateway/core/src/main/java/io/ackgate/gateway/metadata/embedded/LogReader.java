package io.ackgate.gateway.metadata.embedded;

import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log of any size, with one window of it in memory. Thread-confined; what a method gives is
 * valid until the next call.
 */
final class LogReader {
    /** Bytes read at once. */
    static final int WINDOW_BYTES = 1 << 20;

    private final DiskFile file;
    private final long size;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowAt;

    /** A reader of what the file holds now. */
    LogReader(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    long size() {
        return size;
    }

    /** The bytes from a position on: as many as asked for, or fewer where the log ends. */
    ByteBuffer read(long position, int bytes) throws IOException {
        int wanted = Math.clamp(size - position, 0, bytes);
        load(position, wanted);
        return window.slice((int) (position - windowAt), wanted);
    }

    /** The head of a whole frame at a position; null if there is none. */
    LogFrame.@Nullable Head headAt(long position, long fileId) throws IOException {
        if (size - position < LogFrame.HEAD_BYTES) {
            return null;
        }
        load(position, LogFrame.HEAD_BYTES);
        return LogFrame.headAt(window, (int) (position - windowAt), fileId);
    }

    /** The body behind a head at a position; null if it is not whole. */
    @Nullable ByteBuffer bodyOf(LogFrame.Head head, long position) throws IOException {
        long at = position + LogFrame.HEAD_BYTES;
        if (size - at < head.bodyBytes()) {
            return null;
        }
        ByteBuffer body = read(at, head.bodyBytes());
        return head.matches(body) ? body : null;
    }

    private void load(long position, int bytes) throws IOException {
        if (position >= windowAt && position + bytes <= windowAt + window.limit()) {
            return;
        }
        int wanted = (int) Math.min(size - position, Math.max(WINDOW_BYTES, bytes));
        if (window.capacity() < wanted) {
            window = ByteBuffer.allocate(wanted);
        }
        window.clear().limit(wanted);
        windowAt = position;
        file.read(window, position);
        window.flip();
        if (window.limit() < bytes) {
            throw new IOException(
                    "%d bytes at %d of the metadata log were asked for and %d read: it was cut meanwhile"
                            .formatted(bytes, position, window.limit()));
        }
    }
}
