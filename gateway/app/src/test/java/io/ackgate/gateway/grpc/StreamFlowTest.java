package io.ackgate.gateway.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the transport is asked for while a stub asks for everything. */
class StreamFlowTest {
    private static final int MAX_REQUESTS = 3;
    private static final int MAX_BYTES = 100;

    private final Transport transport = new Transport();
    private final AtomicReference<FlowWindow> window = new AtomicReference<>();
    private final AtomicReference<ServerCall<ProduceStreamRequest, ProduceStreamResponse>> stub =
            new AtomicReference<>();
    private final ServerCall.Listener<ProduceStreamRequest> listener =
            new StreamFlow(MAX_REQUESTS, MAX_BYTES, new OpenStreams(new SimpleMeterRegistry()))
                    .interceptCall(
                            transport,
                            new Metadata(),
                            (call, headers) -> {
                                window.set(FlowWindow.current());
                                stub.set(call);
                                return new Stub(call);
                            });

    /** Asks for the next message whatever has become of the last, as Quarkus' stubs do. */
    private static final class Stub extends ServerCall.Listener<ProduceStreamRequest> {
        private final ServerCall<ProduceStreamRequest, ProduceStreamResponse> call;

        private Stub(ServerCall<ProduceStreamRequest, ProduceStreamResponse> call) {
            this.call = call;
            call.request(1);
        }

        @Override
        public void onMessage(ProduceStreamRequest message) {
            call.request(1);
        }
    }

    @Test
    void as_many_requests_come_in_as_the_window_has_room_for() {
        receive(MAX_REQUESTS);
        assertEquals(MAX_REQUESTS, transport.requested);
    }

    @Test
    void each_answer_lets_one_more_request_in() {
        receive(MAX_REQUESTS);
        answer();
        assertEquals(MAX_REQUESTS + 1, transport.requested);
        receive(1);
        assertEquals(MAX_REQUESTS + 1, transport.requested);
        answer();
        answer();
        assertEquals(MAX_REQUESTS + 2, transport.requested, "one at a time, then");
        receive(1);
        assertEquals(MAX_REQUESTS + 3, transport.requested);
    }

    @Test
    void bytes_that_are_held_keep_requests_out() {
        window.get().hold(MAX_BYTES);
        receive(1);
        assertEquals(1, transport.requested);
        window.get().hold(-1);
        assertEquals(2, transport.requested);
    }

    private void receive(int messages) {
        for (int i = 0; i < messages; i++) {
            listener.onMessage(ProduceStreamRequest.getDefaultInstance());
        }
    }

    private void answer() {
        stub.get().sendMessage(ProduceStreamResponse.getDefaultInstance());
    }

    /** Counts what it is asked for. */
    private static final class Transport
            extends ServerCall<ProduceStreamRequest, ProduceStreamResponse> {
        private int requested;

        @Override
        public void request(int messages) {
            requested += messages;
        }

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(ProduceStreamResponse message) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<ProduceStreamRequest, ProduceStreamResponse> getMethodDescriptor() {
            return ProducerServiceGrpc.getProduceStreamMethod();
        }
    }
}
