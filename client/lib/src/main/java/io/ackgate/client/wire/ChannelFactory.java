package io.ackgate.client.wire;

import io.ackgate.client.Endpoint;
import io.ackgate.client.Tls;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens channels to gateways; tests put their own in place. */
@FunctionalInterface
public interface ChannelFactory {
    /** Per stream and per connection: room for several answers of a fetch. */
    int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

    /** A fetch gives at most 64 MiB, or one larger batch whole. */
    int MAX_ANSWER_BYTES = 128 << 20;

    /**
     * How long a connection with calls under way may be silent before it is asked for a sign of
     * life, and how long that may take: a path that swallows everything is given up after both.
     */
    int KEEPALIVE_SECONDS = 10;

    int KEEPALIVE_TIMEOUT_SECONDS = 5;

    /**
     * A channel that connects when it is first used. The caller shuts it down.
     *
     * @param loops where the channel's work is to be done; null for where it likes
     */
    ManagedChannel open(Endpoint endpoint, @Nullable EventLoopGroup loops);

    /** Clear-text HTTP/2 on Netty. */
    ChannelFactory NETTY = of(null);

    /**
     * HTTP/2 on Netty.
     *
     * @param tls null for clear text
     * @throws IllegalArgumentException if a file that it names is not there or has not what it
     *     should
     */
    static ChannelFactory of(@Nullable Tls tls) {
        SslContext context = tls == null ? null : TlsContexts.grpc(tls);
        return (endpoint, loops) -> netty(endpoint, loops, context).build();
    }

    /** As {@link #of}, with all calls going through an interceptor. */
    static ChannelFactory intercepted(@Nullable Tls tls, ClientInterceptor interceptor) {
        SslContext context = tls == null ? null : TlsContexts.grpc(tls);
        return (endpoint, loops) -> netty(endpoint, loops, context).intercept(interceptor).build();
    }

    private static NettyChannelBuilder netty(
            Endpoint endpoint, @Nullable EventLoopGroup loops, @Nullable SslContext tls) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port());
        if (loops != null) {
            builder.eventLoopGroup(loops).channelType(NioSocketChannel.class);
        }
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        return builder
                // Listeners here only hand over to threads of their own.
                .directExecutor()
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(MAX_ANSWER_BYTES);
    }
}
