package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.GatewaySession;
import java.util.List;

/**
 * This gateway's place among the live gateways: what rendezvous hashing chooses from, and when to
 * stop. Safety never rests on it, only on epochs.
 */
public interface Lease extends AutoCloseable {
    /**
     * A live gateway.
     *
     * @param address where clients reach it, host and port
     */
    record Member(GatewaySession session, String address) {}

    /** Hears how the lease goes. Calls must return at once. */
    interface Listener {
        /** These gateways are live now, this one among them. Called at the start, too. */
        void live(List<Member> members);

        /** The lease has run out, or cannot be renewed in time: this gateway owns nothing more. */
        void lost(String reason);
    }

    /** This run of the gateway, new at each start. */
    GatewaySession session();

    /** Takes the lease and keeps it. Called once. */
    void start(Listener listener);

    /** Lets go of the lease at once, so that others need not wait until it runs out. */
    @Override
    void close();
}
