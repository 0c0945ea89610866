package io.ackgate.replication.client;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.v1.GatewayHello;
import io.ackgate.storage.v1.NodeHello;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream to one node open: the next attempt starts when the last one has ended, and not
 * before, which is what makes the listener's calls come one after the other.
 */
final class NodeLink {
    private static final System.Logger LOG = System.getLogger(NodeLink.class.getName());

    private final NodeId node;
    private final NodeAddress address;
    private final Function<NodeAddress, InetSocketAddress> resolver;
    private final GrpcTransportSettings settings;
    private final long gatewaySession;
    private final LongSupplier streamNumbers;
    private final EventLoopGroup io;
    private final ScheduledExecutorService timer;

    /** The stream on which the node has said hello, if there is one: the only one to send on. */
    private volatile @Nullable NodeStream open;

    /** The latest attempt; guarded by this. */
    private @Nullable NodeStream latest;

    /** Guarded by this. */
    private boolean closed;

    /** Attempts in a row that came to nothing; only touched between streams. */
    private int failures;

    /** Told once per reason, not once per attempt. */
    private String lastFailure = "";

    /** Of the data directory that answered last; another one is another disk. */
    private String lastCookie = "";

    NodeLink(
            NodeId node,
            NodeAddress address,
            Function<NodeAddress, InetSocketAddress> resolver,
            GrpcTransportSettings settings,
            long gatewaySession,
            LongSupplier streamNumbers,
            EventLoopGroup io,
            ScheduledExecutorService timer) {
        this.node = node;
        this.address = address;
        this.resolver = resolver;
        this.settings = settings;
        this.gatewaySession = gatewaySession;
        this.streamNumbers = streamNumbers;
        this.io = io;
        this.timer = timer;
    }

    void start(StorageTransport.Listener listener) {
        timer.execute(() -> connect(listener));
    }

    void send(long stream, StorageRequest request) {
        NodeStream current = open;
        if (current != null && current.number() == stream) {
            current.send(request);
        }
    }

    boolean hasRoom() {
        NodeStream current = open;
        return current == null || current.hasRoom();
    }

    void flush() {
        NodeStream current = open;
        if (current != null) {
            current.flush();
        }
    }

    CompletionStage<NodeReport> report() {
        NodeStream current = open;
        return current == null
                ? CompletableFuture.failedFuture(
                        new IOException("there is no stream to %s at %s".formatted(node, address)))
                : current.report(settings.connectTimeoutMillis());
    }

    void heartbeat(long nowNanos) {
        NodeStream current = open;
        if (current != null) {
            current.heartbeat(nowNanos);
        }
    }

    /** Ends the stream, if there is one, and waits until its end has been told. */
    void close() {
        NodeStream last;
        synchronized (this) {
            closed = true;
            last = latest;
        }
        if (last != null) {
            last.end("the gateway closes its streams");
            last.awaitEnd(5_000);
        }
    }

    /**
     * Looks the name up on a thread of its own: that of a dead node may take seconds to fail, and
     * the timer sends the heartbeats of all.
     */
    private void connect(StorageTransport.Listener listener) {
        Thread.ofPlatform()
                .daemon()
                .name("ackgate-resolve-" + node)
                .start(() -> connect(listener, resolver.apply(address)));
    }

    private void connect(StorageTransport.Listener listener, InetSocketAddress resolved) {
        NodeStream stream;
        synchronized (this) {
            if (closed) {
                return;
            }
            stream = newStream(listener, resolved);
            latest = stream;
        }
        stream.start();
        schedule(
                () -> stream.endUnlessOpen(settings.connectTimeoutMillis()),
                settings.connectTimeoutMillis());
    }

    private NodeStream newStream(StorageTransport.Listener listener, InetSocketAddress resolved) {
        long number = streamNumbers.getAsLong();
        GatewayHello hello =
                GatewayHello.newBuilder()
                        .setClusterId(settings.clusterId())
                        .setNodeId(node.value())
                        .setGatewaySession(gatewaySession)
                        .setStream(number)
                        .build();
        return new NodeStream(hello, resolved, settings, io, new StreamEvents(listener, number));
    }

    private void schedule(Runnable task, long delayMillis) {
        try {
            var _ = timer.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "nothing more for {0}: the transport is closed", node);
        }
    }

    /** What one stream tells, in order and from one thread at a time. */
    private final class StreamEvents implements NodeStream.Events {
        private final StorageTransport.Listener listener;
        private final long number;

        StreamEvents(StorageTransport.Listener listener, long number) {
            this.listener = listener;
            this.number = number;
        }

        @Override
        public void opened(NodeStream stream, NodeHello hello) {
            failures = 0;
            lastFailure = "";
            LOG.log(
                    Level.INFO,
                    "stream {0,number,#} to {1} at {2} is open, data directory {3}",
                    number,
                    node,
                    address,
                    hello.getCookie());
            if (!lastCookie.isEmpty() && !lastCookie.equals(hello.getCookie())) {
                LOG.log(
                        Level.WARNING,
                        "{0} has another data directory than before: {1} instead of {2}",
                        node,
                        hello.getCookie(),
                        lastCookie);
            }
            lastCookie = hello.getCookie();
            open = stream;
            listener.opened(node, number);
        }

        @Override
        public void answered(List<StorageAnswer> answers) {
            listener.answered(node, number, answers);
        }

        @Override
        public void ended(boolean wasOpen, String why) {
            open = null;
            if (wasOpen) {
                LOG.log(Level.WARNING, "stream {0,number,#} to {1} ended: {2}", number, node, why);
                listener.closed(node, number, why);
            } else if (!why.equals(lastFailure)) {
                LOG.log(Level.WARNING, "no stream to {0} at {1}: {2}", node, address, why);
                lastFailure = why;
            }
            failures++;
            schedule(
                    () -> connect(listener),
                    settings.backoffMillis(failures, ThreadLocalRandom.current().nextDouble()));
        }
    }
}
