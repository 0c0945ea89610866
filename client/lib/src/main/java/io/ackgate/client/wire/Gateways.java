package io.ackgate.client.wire;

import io.ackgate.client.Endpoint;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The gateways that a client knows, one of which it talks to. Safe for any thread. */
public final class Gateways implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 5;

    /** A connection that is not there by then is not waited for. */
    private static final long CONNECT_SECONDS = 5;

    private static final Executor AFTER_CONNECT_TIMEOUT =
            CompletableFuture.delayedExecutor(CONNECT_SECONDS, TimeUnit.SECONDS);

    private final List<Endpoint> endpoints;
    private final ChannelFactory factory;
    private final @Nullable EventLoopGroup loops;
    private final Map<Connection, ManagedChannel> channels = new HashMap<>();

    /** Channels whose connecting is under way and watched. */
    private final Set<ManagedChannel> watched = new HashSet<>();

    private int current;
    private boolean closed;

    /** One of several connections to the same gateway. */
    private record Connection(Endpoint endpoint, int number) {}

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

    /** How many gateways are known. */
    public int count() {
        return endpoints.size();
    }

    /**
     * A channel to it, which may be used while this is open. One that could not connect tries again
     * at once: waits between attempts are the caller's.
     */
    public ManagedChannel channel() {
        return channel(0);
    }

    /**
     * A channel to it over one of several connections, since a connection carries only so many
     * streams.
     *
     * @param number of the connection, 0 or more; 0 is the one that {@link #channel()} uses
     */
    public synchronized ManagedChannel channel(int number) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        Connection connection = new Connection(endpoint(), number);
        ManagedChannel channel =
                channels.computeIfAbsent(connection, _ -> factory.open(connection.endpoint, loops));
        channel.resetConnectBackoff();
        watch(connection, channel);
        return channel;
    }

    /**
     * A connection attempt that nobody answers would keep the calls that wait for it for as long as
     * the operating system tries, and one that is accepted and then silent for ever.
     */
    private void watch(Connection connection, ManagedChannel channel) {
        if (channel.getState(false) != ConnectivityState.READY && watched.add(channel)) {
            AFTER_CONNECT_TIMEOUT.execute(() -> giveUpUnconnected(connection, channel));
        }
    }

    private void giveUpUnconnected(Connection connection, ManagedChannel channel) {
        synchronized (this) {
            watched.remove(channel);
            if (closed || channel.getState(false) != ConnectivityState.CONNECTING) {
                return;
            }
            failed(channel);
            channels.remove(connection, channel);
        }
        // Its calls end with UNAVAILABLE and are made again with another channel.
        channel.shutdownNow();
    }

    /**
     * This channel did not work: go on to the next gateway, unless another caller has done so
     * already.
     */
    public synchronized void failed(ManagedChannel channel) {
        boolean isCurrent =
                channels.entrySet().stream()
                        .anyMatch(
                                open ->
                                        open.getValue().equals(channel)
                                                && open.getKey().endpoint.equals(endpoint()));
        if (isCurrent) {
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
