package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.DamagedLogException;
import java.io.IOException;

/** What to make of a log whose files could not be read, where nothing was to be written. */
final class Unreadable {
    private Unreadable() {}

    /** Answers the request that had to know what the log holds. */
    static void answer(
            Replica replica,
            StreamSession asker,
            int askedEpoch,
            String what,
            IOException failure,
            Answers out) {
        String detail = what + ": " + failure;
        if (DamagedLogException.proves(failure)) {
            replica.fail(Fault.CORRUPT, detail, out);
        } else {
            replica.refuse(asker, askedEpoch, Refusal.STORAGE_ERROR, detail, out);
        }
    }
}
