package io.ackgate.replication.client;

import io.ackgate.replication.wire.AnswerCodec;
import io.ackgate.replication.wire.MalformedMessageException;
import io.ackgate.replication.wire.Outbox;
import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.v1.DescribeRequest;
import io.ackgate.storage.v1.GatewayHello;
import io.ackgate.storage.v1.NodeHello;
import io.ackgate.storage.v1.ReplicaAnswer;
import io.ackgate.storage.v1.ReplicaServiceGrpc;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one node, from the attempt to connect to its end, on a connection of its own.
 *
 * <p>Requests come from any thread; answers and the end are told on the connection's thread.
 */
final class NodeStream {
    /** What happens to the stream; called by one thread at a time. */
    interface Events {
        /** The node has said hello. At most once, and before any answer. */
        void opened(NodeStream stream, NodeHello hello);

        void answered(List<StorageAnswer> answers);

        /** The stream is over. Exactly once, and last. */
        void ended(boolean wasOpen, String why);
    }

    private final GatewayHello hello;
    private final Events events;
    private final ManagedChannel channel;
    private final ClientCall<ReplicateRequest, ReplicateResponse> call;
    private final Outbox<StorageRequest> outbox;
    private final HeartbeatWatch heartbeats;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Guarded by {@link #callLock}: after cancelling a call nothing may be sent on it. */
    private @Nullable String endedBecause;

    private final Object callLock = new Object();

    /** Guarded by {@link #callLock}; set by the connection's thread, which reads it as it likes. */
    private boolean opened;

    NodeStream(
            GatewayHello hello,
            InetSocketAddress address,
            GrpcTransportSettings settings,
            EventLoopGroup io,
            Events events) {
        this.hello = hello;
        this.events = events;
        this.channel = Connections.connect(address, settings, io);
        this.call =
                channel.newCall(
                        ReplicaMethods.REPLICATE,
                        CallOptions.DEFAULT.withOnReadyThreshold(ReplicaMethods.READY_BYTES));
        this.outbox =
                new Outbox<>(
                        new RequestWire(),
                        StorageRequest::weight,
                        ReplicaMethods.MESSAGE_BYTES,
                        settings.maxQueuedBytes());
        this.heartbeats =
                new HeartbeatWatch(
                        TimeUnit.MILLISECONDS.toNanos(settings.heartbeatMillis()),
                        TimeUnit.MILLISECONDS.toNanos(settings.silenceMillis()));
    }

    long number() {
        return hello.getStream();
    }

    void start() {
        call.start(new Answers(), new Metadata());
        call.request(Integer.MAX_VALUE);
        sendMessage(ReplicateRequest.newBuilder().setHello(hello).build());
    }

    void send(StorageRequest request) {
        outbox.add(request);
    }

    /** Whether what is sent goes out soon. */
    boolean hasRoom() {
        return outbox.hasRoom();
    }

    void flush() {
        outbox.drain();
    }

    /** Asks the node what it is and holds, on the same connection. */
    CompletionStage<NodeReport> report(int timeoutMillis) {
        ReportCall report = new ReportCall();
        ReplicaServiceGrpc.newStub(channel)
                .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                .describe(DescribeRequest.getDefaultInstance(), report);
        return report.result();
    }

    /** Asks for a sign of life, or ends the stream when the node owes one for too long. */
    void heartbeat(long nowNanos) {
        switch (heartbeats.tick(nowNanos)) {
            case HeartbeatWatch.Verdict.Ping(long number) ->
                    sendMessage(ReplicateRequest.newBuilder().setPing(number).build());
            case HeartbeatWatch.Verdict.Wait _ -> {}
            case HeartbeatWatch.Verdict.Silent(long silentNanos) ->
                    end(
                            "no sign of life for %d ms"
                                    .formatted(TimeUnit.NANOSECONDS.toMillis(silentNanos)));
        }
    }

    void endUnlessOpen(int afterMillis) {
        String why = "no hello within %d ms".formatted(afterMillis);
        synchronized (callLock) {
            if (opened || endedBecause != null) {
                return;
            }
            endedBecause = why;
        }
        call.cancel(why, null);
    }

    /** Ends the stream; {@link Events#ended} follows. Only the first reason counts. */
    void end(String why) {
        synchronized (callLock) {
            if (endedBecause != null) {
                return;
            }
            endedBecause = why;
        }
        call.cancel(why, null);
    }

    void awaitEnd(long timeoutMillis) {
        try {
            if (over.await(timeoutMillis, TimeUnit.MILLISECONDS)) {
                channel.awaitTermination(timeoutMillis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendMessage(ReplicateRequest message) {
        synchronized (callLock) {
            if (endedBecause == null) {
                call.sendMessage(message);
            }
        }
    }

    private final class RequestWire implements Outbox.Wire<StorageRequest> {
        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(List<StorageRequest> requests) {
            sendMessage(ReplicaMethods.message(requests));
        }
    }

    /** Runs on the connection's thread. */
    private final class Answers extends ClientCall.Listener<ReplicateResponse> {
        @Override
        public void onMessage(ReplicateResponse message) {
            heartbeats.heard(System.nanoTime(), message.getPong());
            if (!opened) {
                open(message);
            } else if (message.getAnswersCount() > 0) {
                answer(message);
            }
        }

        private void open(ReplicateResponse message) {
            NodeHello answer = message.getHello();
            String objection = message.hasHello() ? objection(answer) : "no hello came first";
            if (objection != null) {
                end(objection);
                return;
            }
            synchronized (callLock) {
                if (endedBecause != null) {
                    return;
                }
                opened = true;
            }
            events.opened(NodeStream.this, answer);
        }

        /** Why it is not the node that was meant, or null if it is. */
        private @Nullable String objection(NodeHello answer) {
            if (answer.getNodeId() != hello.getNodeId()) {
                return "this is node %d and node %d is meant: correct ackgate.storage.nodes"
                        .formatted(answer.getNodeId(), hello.getNodeId());
            }
            if (!answer.getClusterId().equals(hello.getClusterId())) {
                return "node %d says that it belongs to cluster '%s' and this gateway to '%s': correct ackgate.storage.nodes"
                        .formatted(answer.getNodeId(), answer.getClusterId(), hello.getClusterId());
            }
            return null;
        }

        private void answer(ReplicateResponse message) {
            List<StorageAnswer> answers = new ArrayList<>(message.getAnswersCount());
            try {
                for (ReplicaAnswer answer : message.getAnswersList()) {
                    answers.add(AnswerCodec.decode(answer));
                }
            } catch (MalformedMessageException e) {
                end("an answer cannot be understood: " + e.getMessage());
                return;
            }
            events.answered(answers);
        }

        @Override
        public void onReady() {
            outbox.drain();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            outbox.close();
            channel.shutdownNow();
            String ours;
            synchronized (callLock) {
                ours = endedBecause;
                endedBecause = ours == null ? "it has ended" : ours;
            }
            try {
                events.ended(opened, ours != null ? ours : Connections.describe(status));
            } finally {
                over.countDown();
            }
        }
    }
}
