package io.ackgate.storage.engine;

import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointCodec;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.log.LoadedIndexes;
import io.ackgate.storage.recovery.Recovery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens an engine: recovers, begins a new journal, and says so in a checkpoint. */
final class Opening {
    private Opening() {}

    static StorageEngine open(Disk disk, EngineSettings settings, Boot boot, long nowMillis)
            throws IOException {
        try {
            return attempt(disk, settings, boot, nowMillis);
        } catch (DiskFullException full) {
            if (!SpaceReserve.giveUp(disk)) {
                throw full;
            }
            return attempt(disk, settings, boot, nowMillis);
        }
    }

    /** Changes nothing that an attempt after it would not do again. */
    private static StorageEngine attempt(
            Disk disk, EngineSettings settings, Boot boot, long nowMillis) throws IOException {
        LoadedIndexes indexes = new LoadedIndexes();
        Recovery.Result found =
                Recovery.recover(
                        disk,
                        LogDirectory.ALL,
                        settings.indexIntervalBytes(),
                        indexes,
                        boot.id(),
                        nowMillis);
        Journal journal = Journal.begin(disk, settings.journal(), found.journalGenerations());
        EngineContext context =
                new EngineContext(disk, settings, indexes, journal, found.nextLogSerial());
        for (Recovery.Found one : found.replicas()) {
            Replica replica = new Replica(context, one.entry(), one.log(), one.detail());
            context.replicas().put(replica.partition(), replica);
            context.damaged().foundBefore(replica, one.entry().damage());
        }
        found.gone().forEach(context.gone()::add);
        CheckpointStamp stamp = new CheckpointStamp(boot.id(), found.oldestSerial());
        List<ReplicaEntry> entries = new ArrayList<>(found.gone());
        found.replicas().forEach(one -> entries.add(one.entry()));
        long knownMillis = found.knownMillis() < 0 ? nowMillis : found.knownMillis();
        Checkpoint checkpoint =
                new Checkpoint(
                        boot.id(),
                        false,
                        knownMillis,
                        journal.start(),
                        settings.journal().blockBytes(),
                        found.nextLogSerial(),
                        found.oldestSerial(),
                        entries);
        try {
            disk.syncDirectory("");
            CheckpointFile.write(disk, CheckpointCodec.encode(checkpoint));
        } catch (IOException notWritten) {
            // A start that fails leaves nothing behind that eats the space of the next one.
            if (notWritten instanceof DiskFullException || isOld(disk, journal)) {
                journal.discard();
            }
            throw notWritten;
        }
        return new StorageEngine(
                context, new Maintenance(context, stamp, knownMillis), found.notes());
    }

    /** Whether the checkpoint is certainly the one before, which knows nothing of this journal. */
    private static boolean isOld(Disk disk, Journal journal) {
        try {
            Checkpoint there = CheckpointFile.read(disk);
            return there == null
                    ? !CheckpointFile.exists(disk)
                    : there.journalStart().compareTo(journal.start()) < 0;
        } catch (IOException unknown) {
            return false;
        }
    }
}
