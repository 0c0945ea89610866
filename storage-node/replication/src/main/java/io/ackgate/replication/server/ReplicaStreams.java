package io.ackgate.replication.server;

import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.v1.ReplicaServiceGrpc;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of all gateways. A gateway process has one; when it opens another, its older one is
 * over, whether or not this node has noticed.
 */
public final class ReplicaStreams {
    private final Membership membership;
    private final Replicas replicas;
    private final long maxPendingBytes;
    private final StreamLog log = new StreamLog(System::nanoTime);

    /** Who gets the answers of a session. */
    private final Map<StreamSession, ReplicaStream> open = new ConcurrentHashMap<>();

    /** The youngest stream of each gateway session; guarded by this. */
    private final Map<Long, ReplicaStream> byGateway = new HashMap<>();

    /**
     * No streams yet.
     *
     * @param maxPendingBytes bytes of one stream that the engine may hold in memory
     */
    public ReplicaStreams(Membership membership, Replicas replicas, long maxPendingBytes) {
        this.membership = membership;
        this.replicas = replicas;
        this.maxPendingBytes = maxPendingBytes;
    }

    /** The service, to be bound to a server together with what tells about the node. */
    public ServerServiceDefinition service(DescribeCall describe) {
        var method = ReplicaServiceGrpc.getDescribeMethod();
        ServiceDescriptor descriptor =
                ServiceDescriptor.newBuilder(ReplicaServiceGrpc.SERVICE_NAME)
                        .setSchemaDescriptor(
                                ReplicaServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                        .addMethod(ReplicaMethods.REPLICATE)
                        .addMethod(method)
                        .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(ReplicaMethods.REPLICATE, this::accept)
                .addMethod(method, describe.handler())
                .build();
    }

    /** What tells of their beginnings and ends. */
    StreamLog log() {
        return log;
    }

    /** Answers of the engine to one session; from the engine's thread. */
    public void answer(StreamSession session, List<StorageAnswer> answers) {
        ReplicaStream stream = open.get(session);
        if (stream != null) {
            stream.answer(answers);
        }
    }

    /** Ends all streams, with a status that says why. */
    public void end(Status status) {
        open.values().forEach(stream -> stream.end(status));
    }

    /** How many gateways are connected. */
    public int count() {
        return open.size();
    }

    private ServerCall.Listener<ReplicateRequest> accept(
            ServerCall<ReplicateRequest, ReplicateResponse> call, Metadata headers) {
        ReplicaStream stream = new ReplicaStream(call, membership, replicas, maxPendingBytes, this);
        stream.start();
        return stream;
    }

    /**
     * Takes a stream in, in place of an older one of the same gateway.
     *
     * @return why not, or null if it was taken in
     */
    @Nullable Status admit(StreamSession session, ReplicaStream stream) {
        ReplicaStream older;
        synchronized (this) {
            older = byGateway.get(session.gateway());
            if (older != null && older.number() >= session.stream()) {
                return Status.ALREADY_EXISTS.withDescription(
                        "stream %d of the same gateway is open and this is stream %d"
                                .formatted(older.number(), session.stream()));
            }
            byGateway.put(session.gateway(), stream);
            open.put(session, stream);
        }
        if (older != null) {
            older.end(
                    Status.ABORTED.withDescription(
                            "stream %d of the same gateway took its place"
                                    .formatted(session.stream())));
        }
        return null;
    }

    /** A stream that was admitted is over. */
    void dismiss(StreamSession session, ReplicaStream stream) {
        synchronized (this) {
            byGateway.remove(session.gateway(), stream);
            open.remove(session, stream);
        }
        replicas.sessionClosed(session);
    }
}
