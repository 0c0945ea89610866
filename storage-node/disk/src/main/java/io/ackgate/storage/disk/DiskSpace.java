package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;

/**
 * Space of the file system that a data directory is on.
 *
 * @param usableBytes bytes that may still be written
 * @param totalBytes bytes in all
 */
public record DiskSpace(long usableBytes, long totalBytes) {
    /** Asks the file system. */
    public static DiskSpace of(FileDisk disk) throws IOException {
        FileStore store = Files.getFileStore(disk.path(""));
        return new DiskSpace(store.getUsableSpace(), store.getTotalSpace());
    }
}
