package io.ackgate.replication.server;

import io.ackgate.replication.wire.MalformedMessageException;
import io.ackgate.replication.wire.Outbox;
import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.replication.wire.RequestCodec;
import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.v1.GatewayHello;
import io.ackgate.storage.v1.NodeHello;
import io.ackgate.storage.v1.ReplicaRequest;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One gateway's stream at its node. Requests arrive on the connection's thread and go to the engine
 * in their order; answers come from the engine's thread and leave together, as far as the gateway
 * takes them.
 */
final class ReplicaStream extends ServerCall.Listener<ReplicateRequest> {
    /** Bytes of answers that may wait for a gateway that takes none, before reads wait instead. */
    static final long MAX_QUEUED_BYTES = 64L << 20;

    private final ServerCall<ReplicateRequest, ReplicateResponse> call;
    private final Membership membership;
    private final Replicas replicas;
    private final ReplicaStreams streams;
    private final StreamLog log;
    private final Outbox<StorageAnswer> outbox;
    private final InboundCredit credit;
    private final ReadCredit reads;

    /** Set by the hello, by the connection's thread; null before, and when it is over. */
    private volatile @Nullable StreamSession session;

    /** As in the hello; set before the stream is known to anybody else. */
    private long number;

    /** Guarded by {@link #callLock}: after closing a call nothing may be sent on it. */
    private boolean ended;

    private final Object callLock = new Object();

    ReplicaStream(
            ServerCall<ReplicateRequest, ReplicateResponse> call,
            Membership membership,
            Replicas replicas,
            long maxPendingBytes,
            ReplicaStreams streams) {
        this.call = call;
        this.credit = new InboundCredit(maxPendingBytes, () -> call.request(1));
        this.membership = membership;
        this.replicas = replicas;
        this.streams = streams;
        this.log = streams.log();
        this.outbox =
                new Outbox<>(
                        new AnswerWire(),
                        StorageAnswer::weight,
                        ReplicaMethods.MESSAGE_BYTES,
                        MAX_QUEUED_BYTES);
        this.reads = new ReadCredit(MAX_QUEUED_BYTES, this::submitRead);
    }

    private void submitRead(StorageRequest.Read read, Runnable handled) {
        StreamSession from = session;
        if (from != null) {
            replicas.submit(from, read, handled);
        }
    }

    void start() {
        call.setOnReadyThreshold(ReplicaMethods.READY_BYTES);
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    /** The stream's number at its gateway. */
    long number() {
        return number;
    }

    /** From the engine's thread. */
    void answer(List<StorageAnswer> answers) {
        boolean read = false;
        for (StorageAnswer answer : answers) {
            outbox.add(answer);
            if (answer instanceof StorageAnswer.Records records) {
                read = true;
                reads.answered(records);
                // What reads bring goes out while more is added.
                outbox.drain();
            }
        }
        outbox.drain();
        if (read) {
            reads.goOn(outbox.queuedBytes());
        }
    }

    /** Ends the stream from this side. Only the first status counts. */
    void end(Status status) {
        synchronized (callLock) {
            if (ended) {
                return;
            }
            ended = true;
        }
        outbox.close();
        if (!status.isOk()) {
            log.log(
                    Level.WARNING,
                    "stream {0,number,#} of the gateway at {1} ended: {2}",
                    number,
                    String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                    String.valueOf(status.getDescription()));
        }
        call.close(status, new Metadata());
    }

    @Override
    public void onMessage(ReplicateRequest message) {
        if (isEnded()) {
            return;
        }
        if (session == null) {
            greet(message);
        } else if (message.getPing() != 0) {
            send(ReplicateResponse.newBuilder().setPong(message.getPing()).build());
        } else {
            submit(session, message);
            return;
        }
        call.request(1);
    }

    @Override
    public void onReady() {
        outbox.drain();
        reads.goOn(outbox.queuedBytes());
    }

    /** The gateway sends nothing more, and so wants nothing more. */
    @Override
    public void onHalfClose() {
        end(Status.OK);
    }

    @Override
    public void onCancel() {
        synchronized (callLock) {
            ended = true;
        }
        over();
    }

    @Override
    public void onComplete() {
        over();
    }

    private void greet(ReplicateRequest message) {
        GatewayHello hello = message.getHello();
        if (!message.hasHello() || hello.getStream() < 1) {
            end(
                    Status.INVALID_ARGUMENT.withDescription(
                            "the first message must be a hello with a stream of 1 or more"));
            return;
        }
        String objection = objection(hello);
        if (objection != null) {
            end(Status.FAILED_PRECONDITION.withDescription(objection));
            return;
        }
        NodeIdentity identity;
        try {
            identity = membership.join(hello.getClusterId());
        } catch (IOException e) {
            end(
                    Status.UNAVAILABLE.withDescription(
                            "node %d cannot write down that it belongs to cluster '%s': %s"
                                    .formatted(
                                            hello.getNodeId(),
                                            hello.getClusterId(),
                                            e.getMessage())));
            return;
        }
        if (!identity.clusterId().equals(hello.getClusterId())) {
            end(Status.FAILED_PRECONDITION.withDescription(ofAnotherCluster(identity, hello)));
            return;
        }
        number = hello.getStream();
        StreamSession greeted = new StreamSession(hello.getGatewaySession(), number);
        Status refusal = streams.admit(greeted, this);
        if (refusal != null) {
            end(refusal);
            return;
        }
        session = greeted;
        log.log(
                Level.INFO,
                "stream {0,number,#} of gateway session {1} at {2} is open",
                number,
                Long.toHexString(greeted.gateway()),
                String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
        send(ReplicateResponse.newBuilder().setHello(nodeHello(identity)).build());
    }

    /** Why a gateway is wrong here whatever its cluster is, or null when it is right. */
    private @Nullable String objection(GatewayHello hello) {
        int here = membership.identity().node().value();
        if (hello.getNodeId() != here) {
            return "this is node %d and node %d was asked for".formatted(here, hello.getNodeId());
        }
        if (!ClusterIds.isAllowed(hello.getClusterId())) {
            return "cluster '%s' was asked for: the id of a cluster is %s"
                    .formatted(StreamLog.shown(hello.getClusterId()), ClusterIds.ALLOWED);
        }
        return null;
    }

    private static String ofAnotherCluster(NodeIdentity identity, GatewayHello hello) {
        return "this is a node of cluster '%s' and cluster '%s' was asked for: correct the gateway's ackgate.storage.nodes; or, if its metadata is new and this node's data is to be used with it, its ackgate.cluster-id"
                .formatted(identity.clusterId(), hello.getClusterId());
    }

    private static NodeHello nodeHello(NodeIdentity identity) {
        return NodeHello.newBuilder()
                .setNodeId(identity.node().value())
                .setCookie(identity.directory().toString())
                .setClusterId(identity.clusterId())
                .build();
    }

    /** All of the message or nothing: a request is not handled if a later one makes no sense. */
    private void submit(StreamSession from, ReplicateRequest message) {
        List<StorageRequest> requests = new ArrayList<>(message.getRequestsCount());
        try {
            for (ReplicaRequest request : message.getRequestsList()) {
                requests.add(RequestCodec.decode(request));
            }
        } catch (MalformedMessageException e) {
            end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            return;
        }
        long bytes = 0;
        for (StorageRequest request : requests) {
            int weight = request.weight();
            bytes += weight;
            Runnable handled = () -> credit.giveBack(weight);
            if (request instanceof StorageRequest.Read read) {
                reads.take(read, handled, outbox.queuedBytes());
            } else {
                replicas.submit(from, request, handled);
            }
        }
        credit.take(bytes);
    }

    private void over() {
        outbox.close();
        StreamSession over = session;
        if (over != null) {
            session = null;
            log.log(
                    Level.INFO,
                    "stream {0,number,#} of gateway session {1} is over",
                    number,
                    Long.toHexString(over.gateway()));
            streams.dismiss(over, this);
        }
    }

    private boolean isEnded() {
        synchronized (callLock) {
            return ended;
        }
    }

    private void send(ReplicateResponse message) {
        synchronized (callLock) {
            if (!ended) {
                call.sendMessage(message);
            }
        }
    }

    private final class AnswerWire implements Outbox.Wire<StorageAnswer> {
        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(List<StorageAnswer> answers) {
            ReplicaStream.this.send(ReplicaMethods.response(answers));
        }
    }
}
