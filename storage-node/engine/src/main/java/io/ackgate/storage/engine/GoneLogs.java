package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest.Delete;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.journal.JournalRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Replicas whose logs' directories a start did not find: on a file system that is not mounted, it
 * may be. They are missing in this process. Checkpoints keep what is known of them, so that a start
 * which finds a directory again opens the log that it was, with all that was promised of it.
 *
 * <p>One is forgotten when the partition is assigned another log here, or is deleted.
 */
final class GoneLogs {
    private final EngineContext context;
    private final Map<PartitionId, ReplicaEntry> entries = new LinkedHashMap<>();

    GoneLogs(EngineContext context) {
        this.context = context;
    }

    void add(ReplicaEntry entry) {
        entries.put(entry.partition(), entry);
    }

    /** Deletes a replica that is missing, so that it is not there at a later start either. */
    void delete(StreamSession session, Delete request, long nowMillis, Answers out) {
        PartitionId partition = request.partition();
        Replica missing = new Replica(context, partition);
        if (entries.containsKey(partition)) {
            if (!context.journal().roomForControl()) {
                missing.refuse(session, request.epoch(), context.lackOfRoom(), "", out);
                return;
            }
            forget(partition);
            context.journal().add(new JournalRecord.Deleted(partition));
        }
        context.whenDurable(
                missing,
                session,
                request.epoch(),
                (now, answers) ->
                        answers.answer(
                                session, new StorageAnswer.Deleted(partition, request.epoch())),
                nowMillis,
                out);
    }

    /** The partition has another log here. */
    void forget(PartitionId partition) {
        entries.remove(partition);
    }

    /** As checkpoints keep them. */
    Collection<ReplicaEntry> entries() {
        return entries.values();
    }
}
