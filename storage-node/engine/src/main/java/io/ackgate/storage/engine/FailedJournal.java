package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;

/** The journal cannot be written: nothing can be promised, but what is there is read. */
final class FailedJournal {
    private FailedJournal() {}

    /** Answers a request that cannot be journaled. */
    static void answer(
            EngineContext context,
            ReplicaRequests requests,
            EngineInput.Request received,
            long nowMillis,
            Answers out) {
        StreamSession session = received.session();
        StorageRequest request = received.request();
        if (request instanceof StorageRequest.Query) {
            requests.handle(session, request, nowMillis, out);
        } else if (!(request instanceof StorageRequest.AdvanceHighWatermark)) {
            Replica replica = context.replicas().get(request.partition());
            out.answer(
                    session,
                    new StorageAnswer.Faulty(
                            request.partition(),
                            request.epoch(),
                            replica == null ? Incarnation.NONE : replica.incarnation(),
                            Fault.IO_ERROR,
                            "the journal cannot be written"));
        }
    }
}
