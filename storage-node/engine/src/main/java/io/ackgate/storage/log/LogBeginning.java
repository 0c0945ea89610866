package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;

/**
 * A log before its first batch.
 *
 * @param startOffset where it begins
 * @param producers what is known of producers from batches below, which the log will never hold
 */
public record LogBeginning(long startOffset, KnownProducers producers) {
    /** A partition's. */
    public static final LogBeginning FIRST = new LogBeginning(0, KnownProducers.NOBODY);

    /** Writes what no batch will tell into the log's directory, durably. On the I/O side. */
    public void write(Disk disk, String directory) throws IOException {
        if (!producers.isNobody()) {
            new ProducerSnapshot(startOffset, -1, producers).write(disk, directory);
            disk.syncDirectory(directory);
        }
    }

    /** The log, in a directory in which nothing stands but what {@link #write} has written. */
    public PartitionLog open(LogFolder folder) {
        ProducerState state = new ProducerState();
        if (!producers.isNobody()) {
            state.table().restore(producers);
            state.found(startOffset, -1);
        }
        return new PartitionLog(
                folder, new ArrayList<>(), state, startOffset, startOffset, EpochChain.EMPTY);
    }
}
