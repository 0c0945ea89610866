package io.ackgate.client.wire;

import io.ackgate.client.Endpoint;
import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateways that a client knows, one of which it talks to. Safe for any thread. */
public final class Gateways implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 5;

    private final List<Endpoint> endpoints;
    private final ChannelFactory factory;
    private final Map<Endpoint, ManagedChannel> channels = new HashMap<>();
    private int current;
    private boolean closed;

    public Gateways(List<Endpoint> endpoints, ChannelFactory factory) {
        this.endpoints = List.copyOf(endpoints);
        this.factory = factory;
    }

    /** The gateway that is talked to. */
    public synchronized Endpoint endpoint() {
        return endpoints.get(current);
    }

    /**
     * A channel to it, which may be used while this is open. One that could not connect tries again
     * at once: waits between attempts are the caller's.
     */
    public synchronized ManagedChannel channel() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        ManagedChannel channel = channels.computeIfAbsent(endpoint(), factory::open);
        channel.resetConnectBackoff();
        return channel;
    }

    /**
     * This channel did not work: go on to the next gateway, unless somebody has done so already.
     */
    public synchronized void failed(ManagedChannel channel) {
        if (channel.equals(channels.get(endpoint()))) {
            current = (current + 1) % endpoints.size();
        }
    }

    @Override
    public void close() {
        List<ManagedChannel> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(channels.values());
        }
        all.forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : all) {
                channel.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
