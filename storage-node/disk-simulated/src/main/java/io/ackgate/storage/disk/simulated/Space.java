package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.DiskFullException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How much the files of a disk may grow, and what they take that have no name any more. */
final class Space {
    private boolean full;
    private long left = Long.MAX_VALUE;
    private boolean writesFail;

    /** How often each file is open. */
    private final Map<Inode, Integer> handles = new HashMap<>();

    void full(boolean now) {
        full = now;
    }

    boolean isFull() {
        return full;
    }

    /** Bytes that files may grow by from here on. */
    void left(long bytes) {
        left = bytes;
    }

    long left() {
        return left;
    }

    void writesFail(boolean fail) {
        writesFail = fail;
    }

    /** Takes space for a file or directory that is to be made. */
    void requireName(String path) throws IOException {
        if (full) {
            throw new DiskFullException("simulated: no space left for " + path);
        }
        require(path, 0);
    }

    /** Takes space for so many bytes more. */
    void require(String path, long growth) throws IOException {
        if (writesFail) {
            throw new IOException("simulated: cannot write " + path);
        }
        if (growth > left) {
            throw new DiskFullException("simulated: no space for " + path);
        }
        left -= left == Long.MAX_VALUE ? 0 : Math.max(0, growth);
    }

    void opened(Inode file) {
        handles.merge(file, 1, Integer::sum);
    }

    void closed(Inode file) {
        if (handles.merge(file, -1, Integer::sum) == 0) {
            handles.remove(file);
            free(file);
        }
    }

    int openFiles() {
        return handles.size();
    }

    /** A file without a name takes its space until nobody has it open any more. */
    void unlinked(Inode file) {
        file.unlink();
        if (!handles.containsKey(file)) {
            free(file);
        }
    }

    /** Nobody has any file open. */
    void closeAll() {
        handles.keySet().forEach(this::free);
        handles.clear();
    }

    private void free(Inode file) {
        left += left == Long.MAX_VALUE || !file.isUnlinked() ? 0 : file.cached().size();
    }
}
