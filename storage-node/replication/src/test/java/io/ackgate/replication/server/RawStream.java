package io.ackgate.replication.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.storage.v1.GatewayHello;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway's end of a stream that says whatever a test wants it to say. */
final class RawStream extends ClientCall.Listener<ReplicateResponse> {
    static final UUID COOKIE = new UUID(1, 2);

    final ClientCall<ReplicateRequest, ReplicateResponse> call;
    private final BlockingQueue<ReplicateResponse> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

    RawStream(ManagedChannel channel) {
        call = channel.newCall(ReplicaMethods.REPLICATE, CallOptions.DEFAULT);
        call.start(this, new Metadata());
        call.request(Integer.MAX_VALUE);
    }

    static GatewayHello.Builder hello(long gateway, long stream) {
        return GatewayHello.newBuilder()
                .setClusterId("test")
                .setNodeId(1)
                .setGatewaySession(gateway)
                .setStream(stream);
    }

    RawStream say(GatewayHello.Builder hello) {
        call.sendMessage(ReplicateRequest.newBuilder().setHello(hello).build());
        return this;
    }

    /** Says hello and waits for the answer. */
    RawStream greeted(long gateway, long stream) throws InterruptedException {
        say(hello(gateway, stream));
        assertEquals(COOKIE.toString(), next().getHello().getCookie());
        return this;
    }

    ReplicateResponse next() throws InterruptedException {
        return present(answers.poll(10, TimeUnit.SECONDS), "no message in 10 s");
    }

    Status end() throws InterruptedException {
        return present(ends.poll(10, TimeUnit.SECONDS), "no end in 10 s");
    }

    private static <T> T present(@Nullable T value, String why) {
        if (value == null) {
            throw new AssertionError(why);
        }
        return value;
    }

    @Override
    public void onMessage(ReplicateResponse message) {
        answers.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        ends.add(status);
    }
}
