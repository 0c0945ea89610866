package io.ackgate.gateway.processes;

import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;

/**
 * A call that writes one record, and whether it was ever sent, as its transport tells. One that was
 * not may be made again, whatever it ended with. One that a gateway has refused by GOAWAY is made
 * again by gRPC itself, and counts by what became of it then.
 */
final class SentCall extends ClientStreamTracer.Factory {
    static final String OK = "OK";

    /** How a call ends that no connection has carried. */
    static final String NOT_SENT = "not sent";

    private volatile boolean sent;

    @Override
    public ClientStreamTracer newClientStreamTracer(
            ClientStreamTracer.StreamInfo info, Metadata headers) {
        sent = false;
        return new ClientStreamTracer() {
            @Override
            public void outboundHeaders() {
                sent = true;
            }
        };
    }

    /**
     * Writes one record. Returns {@link #OK}, {@link #NOT_SENT}, or the status that the call ended
     * with.
     */
    static String write(ManagedChannel channel, Place place, long number, int seconds) {
        SentCall call = new SentCall();
        try {
            var _ =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            ProducerServiceGrpc.getProduceMethod(),
                            CallOptions.DEFAULT
                                    .withStreamTracerFactory(call)
                                    .withDeadlineAfter(seconds, TimeUnit.SECONDS),
                            ProduceRequest.newBuilder()
                                    .setTopic(place.topic())
                                    .setPartition(place.partition())
                                    .addRecords(Quakes.record(number))
                                    .build());
            return OK;
        } catch (StatusRuntimeException failed) {
            return call.sent ? DrainClients.described(failed) : NOT_SENT;
        }
    }
}
