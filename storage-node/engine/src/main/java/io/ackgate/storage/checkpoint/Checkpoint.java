package io.ackgate.storage.checkpoint;

import io.ackgate.storage.journal.JournalPosition;
import java.util.List;

/**
 * The state of a data directory.
 *
 * @param bootId of the operating system's boot in which it was written
 * @param clean written by a shutdown in good order, after which nothing was written and before
 *     which everything was synced
 * @param knownMillis the time when it was written, milliseconds since 1970, as far as it was
 *     believed
 * @param journalStart where the journal goes on from here
 * @param journalBlockBytes at multiples of which the journal's groups start
 * @param nextLogSerial greater than that of every log there ever was
 * @param oldestSerial directories of logs with lower serials are not this directory's to delete:
 *     they were there when a checkpoint was lost
 */
public record Checkpoint(
        String bootId,
        boolean clean,
        long knownMillis,
        JournalPosition journalStart,
        int journalBlockBytes,
        long nextLogSerial,
        long oldestSerial,
        List<ReplicaEntry> replicas) {}
