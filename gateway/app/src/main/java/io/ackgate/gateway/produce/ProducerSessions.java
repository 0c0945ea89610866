package io.ackgate.gateway.produce;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.producer.ProducerIds;
import io.ackgate.gateway.producer.ProducerSession;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** The door for producers that want their retries to be recognised. Any thread. */
@Singleton
public class ProducerSessions {
    private final ProducerIds ids;

    ProducerSessions(ProducerIds ids) {
        this.ids = ids;
    }

    /** A producer id that no other producer has or had; go on elsewhere than it is fulfilled. */
    public Uni<ProducerSession> init(Caller caller) {
        return Uni.createFrom()
                .completionStage(ids::init)
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException());
    }
}
