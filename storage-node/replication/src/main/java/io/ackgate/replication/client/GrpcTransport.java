package io.ackgate.replication.client;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Streams to storage nodes over gRPC: plain grpc-java on Netty, without stubs or executors between
 * a loop's turn and the socket (ADR 0006).
 *
 * <p>Each stream has a connection of its own, so that a connection that fails is a stream that ends
 * and there is no state that outlives either.
 */
public final class GrpcTransport implements StorageTransport, StorageNodes {
    private final Map<NodeId, NodeLink> links = new TreeMap<>();
    private final GrpcTransportSettings settings;
    private final EventLoopGroup io;
    private final ScheduledExecutorService timer;

    /**
     * A transport that is not started.
     *
     * @param gatewaySession session id of this gateway process
     * @param nodes where the nodes are; names are looked up anew for each connection
     */
    public GrpcTransport(
            GrpcTransportSettings settings, long gatewaySession, Map<NodeId, NodeAddress> nodes) {
        this(settings, gatewaySession, nodes, NodeAddress::resolve);
    }

    /**
     * As above.
     *
     * @param resolver looks a name up, and may take its time
     */
    GrpcTransport(
            GrpcTransportSettings settings,
            long gatewaySession,
            Map<NodeId, NodeAddress> nodes,
            Function<NodeAddress, InetSocketAddress> resolver) {
        this.settings = settings;
        this.io =
                new NioEventLoopGroup(
                        settings.ioThreads(),
                        new DefaultThreadFactory("ackgate-transport-io", true));
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        new DefaultThreadFactory("ackgate-transport-timer", true));
        AtomicLong streams = new AtomicLong();
        nodes.forEach(
                (node, address) ->
                        links.put(
                                node,
                                new NodeLink(
                                        node,
                                        address,
                                        resolver,
                                        settings,
                                        gatewaySession,
                                        streams::incrementAndGet,
                                        io,
                                        timer)));
    }

    @Override
    public void start(Listener listener) {
        links.values().forEach(link -> link.start(listener));
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> links.values().forEach(link -> link.heartbeat(System.nanoTime())),
                        settings.heartbeatMillis(),
                        settings.heartbeatMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void send(NodeId node, long stream, StorageRequest request) {
        NodeLink link = links.get(node);
        if (link != null) {
            link.send(stream, request);
        }
    }

    @Override
    public boolean hasRoom(NodeId node) {
        NodeLink link = links.get(node);
        return link == null || link.hasRoom();
    }

    @Override
    public void flush() {
        links.values().forEach(NodeLink::flush);
    }

    @Override
    public Set<NodeId> ids() {
        return Set.copyOf(links.keySet());
    }

    @Override
    public CompletionStage<NodeReport> report(NodeId node) {
        NodeLink link = links.get(node);
        if (link == null) {
            throw new IllegalArgumentException(node + " is not one of " + links.keySet());
        }
        return link.report();
    }

    /** Ends every stream and waits for that; not to be called from a listener. */
    @Override
    public void close() {
        links.values().forEach(NodeLink::close);
        timer.shutdownNow();
        io.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
