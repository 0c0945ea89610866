package io.ackgate.client.wire;

import io.ackgate.client.Endpoint;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;

/** Opens channels to gateways; tests put their own in place. */
@FunctionalInterface
public interface ChannelFactory {
    /** A channel that connects when it is first used. The caller shuts it down. */
    ManagedChannel open(Endpoint endpoint);

    /** Clear-text HTTP/2 on Netty. */
    ChannelFactory NETTY =
            endpoint ->
                    NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                            .usePlaintext()
                            // Listeners here only hand over to threads of their own.
                            .directExecutor()
                            .flowControlWindow(Sizes.FLOW_CONTROL_WINDOW_BYTES)
                            .maxInboundMessageSize(Sizes.MAX_ANSWER_BYTES)
                            .build();

    /** Bounds of a channel. */
    final class Sizes {
        /** Per stream and per connection: room for several answers of a fetch. */
        public static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

        /** A fetch gives at most 64 MiB, or one larger batch whole. */
        public static final int MAX_ANSWER_BYTES = 128 << 20;

        private Sizes() {}
    }
}
