package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;

/** What to make of a log whose files could not be read, where nothing was to be written. */
final class Unreadable {
    private Unreadable() {}

    /**
     * Answers the request that had to know what the log holds. A log in which bytes are lost stays
     * in use: an owner that has not reconciled hears that it cannot be brought to its own, and may
     * give it up; one that has reconciled hears of the damage when it reconciles again.
     */
    static void answer(
            EngineContext context,
            Replica replica,
            StreamSession asker,
            int askedEpoch,
            String what,
            IOException failure,
            Answers out) {
        String detail = what + ": " + failure;
        PartitionLog log = replica.log();
        boolean damaged = DamagedLogException.proves(failure);
        if (damaged) {
            context.damaged().readCorrupt(replica, log, log.logEnd() - 1, detail);
        }
        if (damaged && !replica.reconciled(asker, askedEpoch)) {
            out.answer(
                    asker,
                    new StorageAnswer.Faulty(
                            replica.partition(),
                            askedEpoch,
                            replica.incarnation(),
                            Fault.CORRUPT,
                            detail));
        } else {
            replica.refuse(asker, askedEpoch, Refusal.STORAGE_ERROR, detail, out);
        }
    }
}
