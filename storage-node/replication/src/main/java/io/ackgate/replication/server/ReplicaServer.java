package io.ackgate.replication.server;

import io.ackgate.replication.wire.ReplicaMethods;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC server of the node: plain grpc-java on Netty whose threads hand messages straight to the
 * engine's loop (ADR 0006). Health (grpc.health.v1) is on, and reflection if it is wanted.
 */
public final class ReplicaServer implements AutoCloseable {
    /** Of one connection; a gateway has one stream, and asks what the node is beside it. */
    private static final int MAX_CALLS = 100;

    /** In a window: more of them end the connection. */
    private static final int MAX_RESETS = 1_000;

    private static final int RESET_WINDOW_SECONDS = 30;

    private final Server server;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup io;
    private final HealthStatusManager health = new HealthStatusManager();

    /**
     * A server that listens; its health is NOT_SERVING until {@link #serving}.
     *
     * @param address where to listen; port 0 takes any that is free
     * @param ioThreads threads that read and write sockets, 1 or more
     * @param reflection whether the server tells of its services
     * @throws IOException if it cannot listen there, with a message that names the address
     */
    public ReplicaServer(
            InetSocketAddress address,
            int ioThreads,
            boolean reflection,
            ServerServiceDefinition replicas)
            throws IOException {
        acceptor = new NioEventLoopGroup(1, new DefaultThreadFactory("ackgate-accept", true));
        io = new NioEventLoopGroup(ioThreads, new DefaultThreadFactory("ackgate-io", true));
        serving(false);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address)
                        .channelType(NioServerSocketChannel.class)
                        .bossEventLoopGroup(acceptor)
                        .workerEventLoopGroup(io)
                        .withChildOption(ChannelOption.TCP_NODELAY, true)
                        .directExecutor()
                        .flowControlWindow(ReplicaMethods.FLOW_CONTROL_WINDOW)
                        .maxInboundMessageSize(ReplicaMethods.MAX_MESSAGE_BYTES)
                        .maxConcurrentCallsPerConnection(MAX_CALLS)
                        .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                        .keepAliveTime(5, TimeUnit.SECONDS)
                        .keepAliveTimeout(5, TimeUnit.SECONDS)
                        .addService(replicas)
                        .addService(health.getHealthService());
        if (reflection) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            shutDownThreads();
            throw new IOException("cannot listen on %s: %s".formatted(address, e.getMessage()), e);
        }
    }

    /** Where it listens, 1 to 65535. */
    public int port() {
        return server.getPort();
    }

    /** What grpc.health.v1 answers from now on. */
    public void serving(boolean serving) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /**
     * Stops listening, tells gateways that it does (GOAWAY), and gives what has ended a moment to
     * reach them; then ends what is left. Nothing happens the second time.
     */
    @Override
    public void close() {
        if (server.isShutdown()) {
            return;
        }
        health.enterTerminalState();
        server.shutdown();
        try {
            server.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** Ends all streams at once and stops listening. */
    public void kill() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shutDownThreads();
    }

    private void shutDownThreads() {
        var _ = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var _ = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
