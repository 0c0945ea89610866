package io.ackgate.client.wire;

import io.ackgate.client.Endpoint;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The gateways that a client knows, one of which it talks to. Safe for any thread. */
public final class Gateways implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 5;

    private final List<Endpoint> endpoints;
    private final ChannelFactory factory;
    private final @Nullable EventLoopGroup loops;
    private final Map<Endpoint, ManagedChannel> channels = new HashMap<>();
    private int current;
    private boolean closed;

    /** Gateways whose channels work where they like. */
    public Gateways(List<Endpoint> endpoints, ChannelFactory factory) {
        this(endpoints, factory, null);
    }

    /** Gateways all of whose channels work on these loops. */
    public Gateways(
            List<Endpoint> endpoints, ChannelFactory factory, @Nullable EventLoopGroup loops) {
        this.endpoints = List.copyOf(endpoints);
        this.factory = factory;
        this.loops = loops;
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
        ManagedChannel channel =
                channels.computeIfAbsent(endpoint(), endpoint -> factory.open(endpoint, loops));
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

    /** Ends all channels without waiting for them. */
    public synchronized List<ManagedChannel> shutdown() {
        closed = true;
        List<ManagedChannel> all = List.copyOf(channels.values());
        all.forEach(ManagedChannel::shutdownNow);
        return all;
    }

    /** Ends all channels; not from within what they call. */
    @Override
    public void close() {
        List<ManagedChannel> all = shutdown();
        try {
            for (ManagedChannel channel : all) {
                channel.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
