package io.ackgate.storage.engine;

import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.PartitionLog;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for what a reader looks up, and of which log. The answer counts only while the replica
 * is in the same hands: what is read beside the engine's thread may be cut meanwhile.
 */
final class Asker {
    private final Replica replica;
    private final StreamSession session;
    private final PartitionLog log;
    private final int tenure;
    private final int epoch;

    /** The session that has just been found to have reconciled. */
    Asker(Replica replica, StreamSession session) {
        this.replica = replica;
        this.session = session;
        this.log = replica.log();
        this.tenure = replica.tenure();
        this.epoch = replica.epoch();
    }

    StreamSession session() {
        return session;
    }

    Replica replica() {
        return replica;
    }

    /** The log that was asked about; null if the asker has no right to an answer any more. */
    @Nullable PartitionLog log() {
        boolean still =
                replica.tenure() == tenure
                        && !replica.changing()
                        && replica.reconciled(session, epoch)
                        && replica.usableLog() == log;
        return still ? log : null;
    }
}
