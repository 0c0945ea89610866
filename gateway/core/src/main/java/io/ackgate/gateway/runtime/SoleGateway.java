package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.GatewaySession;
import java.security.SecureRandom;
import java.util.List;

/** The lease of the only gateway there is: its metadata store lets no other process in. */
public final class SoleGateway implements Lease {
    private final Member me;

    private SoleGateway(Member me) {
        this.me = me;
    }

    /** A gateway with a new session, that clients reach at {@code address}. */
    public static SoleGateway at(String address) {
        SecureRandom random = new SecureRandom();
        long session = random.nextLong();
        while (session == GatewaySession.NONE.value()) {
            session = random.nextLong();
        }
        return new SoleGateway(new Member(new GatewaySession(session), address));
    }

    @Override
    public GatewaySession session() {
        return me.session();
    }

    @Override
    public void start(Listener listener) {
        listener.live(List.of(me));
    }

    @Override
    public void close() {}
}
