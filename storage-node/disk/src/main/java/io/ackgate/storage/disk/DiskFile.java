package io.ackgate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Writes are thread-confined; {@link #read} and {@link #sync} may run beside them.
 *
 * <p>Any operation may throw {@link UnreachableFileException}, or {@link UnreachableDiskException},
 * where a descriptor that was given up for others could not be had again; then it has not begun.
 */
public interface DiskFile extends Closeable {
    /**
     * Reads from a position until the buffer is full or the file ends.
     *
     * @return bytes read, 0 at the end of the file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Writes all that remains of the buffer at a position, extending the file as needed.
     *
     * @throws DiskFullException if there is no space; part of the buffer may have been written
     */
    void write(ByteBuffer source, long position) throws IOException;

    /** Writes all that remains of the buffers, one after the other, in as few calls as possible. */
    void write(ByteBuffer[] sources, long position) throws IOException;

    /**
     * Makes the bytes and the size durable (fdatasync). After a failure nothing may be assumed, and
     * each sync of the file fails, through whichever handle, until it is deleted or renamed.
     */
    void sync() throws IOException;

    /**
     * Keeps the file's descriptor until it is closed, and never gives it up for others'.
     *
     * @throws IOException if there is none to be had
     */
    default void keepOpen() throws IOException {}

    /**
     * Cuts the file at {@code size} bytes.
     *
     * @throws UnreachableFileException if it cannot be cut; it is as before
     */
    void truncate(long size) throws IOException;

    long size() throws IOException;

    /**
     * Whether the name under which the file was opened still stands for it. A file that was
     * deleted, or whose directory was, takes writes and syncs as before, and nobody will find them.
     * Always true where names cannot be taken away.
     */
    default boolean inPlace() {
        return true;
    }

    @Override
    void close() throws IOException;
}
