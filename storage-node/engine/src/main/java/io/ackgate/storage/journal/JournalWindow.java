package io.ackgate.storage.journal;

import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A journal file, read from front to back a piece at a time: a start must not need memory for files
 * as large as the journal's.
 */
final class JournalWindow {
    private static final int BYTES = 1 << 20;

    private final DiskFile file;
    private final int size;

    /** What the file holds from {@code base} on. */
    private ByteBuffer window = ByteBuffer.allocate(0);

    private int base;

    JournalWindow(DiskFile file) throws IOException {
        this.file = file;
        this.size = (int) file.size();
    }

    /** Size of the file, bytes. */
    int size() {
        return size;
    }

    /**
     * The file from a position on, as far as it has been read: {@code bytes} of it and perhaps
     * more, valid until the next call. The file must have as many.
     */
    ByteBuffer at(int position, int bytes) throws IOException {
        if (position < base || position + bytes > base + window.limit()) {
            if (window.capacity() < bytes || window.capacity() == 0) {
                window = ByteBuffer.allocate(Math.max(bytes, Math.min(BYTES, size)));
            }
            window.clear().limit(Math.min(window.capacity(), size - position));
            file.read(window, position);
            window.flip();
            base = position;
        }
        return window.slice(position - base, window.limit() - (position - base));
    }
}
