package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;

/**
 * The acknowledgement of all appends of one replica in a group.
 *
 * <p>It counts only while the replica is in the same hands: a fence that comes while the sync is
 * under way voids it, since the answer to the fence tells the new owner of all that will ever have
 * been acknowledged to the old one.
 */
final class Acknowledgement {
    private final Replica replica;
    private final int tenure;
    private final StreamSession session;
    private final int epoch;
    private final Incarnation incarnation;
    private long logEnd;

    /** An acknowledgement to the session that has the replica in hand. */
    Acknowledgement(Replica replica, StreamSession session) {
        this.replica = replica;
        this.tenure = replica.tenure();
        this.session = session;
        this.epoch = replica.epoch();
        this.incarnation = replica.incarnation();
    }

    Replica replica() {
        return replica;
    }

    boolean current() {
        return replica.tenure() == tenure;
    }

    void raise(long newLogEnd) {
        logEnd = newLogEnd;
    }

    /** What it covers is durable now, whether or not anybody is told. */
    void send(Answers out) {
        replica.pending().acknowledged(logEnd);
        if (current()) {
            out.answer(
                    session,
                    new StorageAnswer.Appended(replica.partition(), epoch, incarnation, logEnd));
        }
    }
}
