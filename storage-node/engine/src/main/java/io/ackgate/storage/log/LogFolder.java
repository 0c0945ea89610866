package io.ackgate.storage.log;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.Disk;

/**
 * Where a log's files stand, and whose they are.
 *
 * @param directory of the log, on {@code disk}
 * @param partition that every frame in the files must name: a checksum proves that a frame is
 *     whole, not that it belongs here
 * @param indexIntervalBytes bytes of a segment between two entries of its indexes, at least
 * @param indexes of the node that are in memory
 */
public record LogFolder(
        Disk disk,
        String directory,
        PartitionId partition,
        int indexIntervalBytes,
        LoadedIndexes indexes) {
    String path(long offset, String suffix) {
        return LogFiles.path(directory, offset, suffix);
    }
}
