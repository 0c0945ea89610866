package io.ackgate.client.consumer;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * Whether a stream has been sent: a connection that carries as many streams as the gateway allows
 * keeps further ones back, and does not say so. Set by gRPC's threads.
 */
final class StreamStart extends ClientStreamTracer.Factory {
    private volatile boolean started;

    boolean isStarted() {
        return started;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
            ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
            @Override
            public void outboundHeaders() {
                started = true;
            }
        };
    }
}
