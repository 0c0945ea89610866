package io.ackgate.simulation.check;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.ProduceOutcome;
import org.jspecify.annotations.Nullable;

/** One try to get a batch written, as an observer knows it who sees both ends and the wire. */
public final class Attempt {
    private final Batch batch;
    private GatewaySession at = GatewaySession.NONE;
    private @Nullable ProduceOutcome outcome;

    Attempt(Batch batch) {
        this.batch = batch;
    }

    public Batch batch() {
        return batch;
    }

    /** The gateway process that it reached; nobody while it is on its way. */
    GatewaySession at() {
        return at;
    }

    void arrivedAt(GatewaySession gateway) {
        at = gateway;
    }

    void ended(ProduceOutcome how) {
        outcome = how;
    }

    /** Whether the gateway that it reached may have put it into the log, or may still. */
    boolean mayBeWrittenBy(GatewaySession gateway) {
        return at.equals(gateway) && !wasRefused();
    }

    private boolean wasRefused() {
        return outcome instanceof ProduceOutcome.Failed(var error, var writeStatus, var detail)
                && writeStatus == WriteStatus.NOT_WRITTEN;
    }
}
