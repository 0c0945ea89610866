package io.ackgate.replication.client;

import io.ackgate.replication.wire.ReplicaMethods;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;

/** Connections to storage nodes. */
final class Connections {
    private Connections() {}

    /**
     * A channel that connects once. No retries: they would keep what was sent, and order is ours to
     * keep. No executor: what arrives is handed on by the thread that reads the socket.
     */
    static ManagedChannel connect(
            InetSocketAddress address, GrpcTransportSettings settings, EventLoopGroup io) {
        return NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .eventLoopGroup(io)
                .channelType(NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectTimeoutMillis())
                .withOption(ChannelOption.TCP_NODELAY, true)
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(target -> null)
                .maxTraceEvents(0)
                .flowControlWindow(ReplicaMethods.FLOW_CONTROL_WINDOW)
                .maxInboundMessageSize(ReplicaMethods.MAX_MESSAGE_BYTES)
                .build();
    }

    /** A status in one line, with what was at the bottom of it. */
    static String describe(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause != null && cause.getMessage() != null) {
            text.append(" (").append(cause.getMessage()).append(')');
        }
        return text.toString();
    }
}
