package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import java.io.IOException;

/** The snapshots of producers that a start has found beside a log. */
record RecoveredSnapshots(LogFolder folder, PartitionLog log, ProducerState producers) {
    /**
     * Snapshots of what is no longer in the log go; the others are durable from here on. They were
     * synced before they got their names, and the names when the checkpoint was taken, except of
     * those that a later one, which was not written, would have had.
     *
     * @param checkpointed the log end of the checkpoint
     * @return whether names in the directory have to be synced
     */
    boolean settle(long checkpointed) throws IOException {
        Disk disk = folder.disk();
        String directory = folder.directory();
        for (String name : disk.list(directory)) {
            if (LogFiles.offset(name, LogFiles.NEXT_PRODUCERS) >= 0) {
                disk.delete(directory + "/" + name);
            }
        }
        boolean touched = false;
        for (long offset : ProducerReplay.snapshots(disk, directory)) {
            ProducerSnapshot snapshot = ProducerSnapshot.read(disk, directory, offset);
            int epochBefore = log.chain().epochAt(offset - 1);
            if (offset <= log.logEnd()
                    && snapshot != null
                    && (epochBefore < 0 || epochBefore == snapshot.epochBefore())) {
                producers.found(offset, snapshot.epochBefore());
                touched |= offset > checkpointed;
            } else {
                disk.delete(ProducerSnapshot.path(directory, offset));
                touched = true;
            }
        }
        return touched;
    }
}
