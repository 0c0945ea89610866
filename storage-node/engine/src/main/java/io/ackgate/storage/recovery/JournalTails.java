package io.ackgate.storage.recovery;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.journal.JournalScan;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.recovery.Recovery.Directories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies what the journal of a running engine holds of logs that are in doubt to files of theirs. A
 * checkpoint that makes the journal void would otherwise take what they have acknowledged: their
 * segments are not known to be durable, and are not synced a second time.
 */
public final class JournalTails {
    private JournalTails() {}

    /**
     * What became of the copies.
     *
     * @param copied replicas as a checkpoint may have them without that journal
     * @param failed why those of the others could not be made, where that is known
     */
    public record Copies(List<ReplicaEntry> copied, Map<PartitionId, IOException> failed) {
        public static final Copies NONE = new Copies(List.of(), Map.of());
    }

    /**
     * Copies the batches since the last checkpoint; afterwards the copies are durable. One that
     * fails keeps no other from being made. Beside the engine's thread, while no other work on
     * files is under way.
     *
     * @param durable everything before it is durable in the journal, and what is to be copied
     *     stands before it
     * @return what became of the copies, of the replicas that were found
     * @throws DamagedLogException if the journal is damaged, so that it cannot be known what the
     *     logs held
     */
    public static Copies copy(
            Disk disk,
            Directories directories,
            Set<PartitionId> partitions,
            JournalPosition durable)
            throws IOException {
        Checkpoint checkpoint = CheckpointFile.readEither(disk).checkpoint();
        if (checkpoint == null) {
            throw new DamagedLogException("the checkpoint is lost or damaged, and so is its copy");
        }
        JournalScan journal =
                JournalScan.look(
                        disk, checkpoint.journalStart(), durable, checkpoint.journalBlockBytes());
        if (journal.damage() != null) {
            throw new DamagedLogException("the journal is damaged, " + journal.damage());
        }
        Map<PartitionId, ReplicaFold> folds = new HashMap<>();
        for (ReplicaEntry entry : checkpoint.replicas()) {
            if (partitions.contains(entry.partition())) {
                folds.put(entry.partition(), new ReplicaFold(entry));
            }
        }
        journal.forEachRecord(
                record -> {
                    if (partitions.contains(record.partition())) {
                        apply(folds, record);
                    }
                });
        List<ReplicaEntry> copied = new ArrayList<>();
        Map<PartitionId, IOException> failed = new HashMap<>();
        try (JournalFrames frames = new JournalFrames(disk)) {
            for (ReplicaFold fold : folds.values()) {
                String directory = directories.tails(fold.partition(), fold.logSerial());
                try {
                    if (fold.copyTail(disk, directory, frames)) {
                        copied.add(fold.unusableEntry());
                    } else {
                        failed.put(
                                fold.partition(),
                                new DamagedLogException("the journal's batches are damaged"));
                    }
                } catch (IOException one) {
                    failed.put(fold.partition(), one);
                }
            }
        }
        return new Copies(copied, failed);
    }

    /** Brings the replica that a record is about to where the record says. */
    static void apply(Map<PartitionId, ReplicaFold> folds, JournalRecord record) {
        if (record instanceof JournalRecord.Deleted) {
            folds.remove(record.partition());
        } else {
            folds.computeIfAbsent(record.partition(), ReplicaFold::new).apply(record);
        }
    }
}
