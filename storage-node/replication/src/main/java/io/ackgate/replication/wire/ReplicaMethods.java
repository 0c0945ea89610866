package io.ackgate.replication.wire;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.v1.ReplicaServiceGrpc;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.MethodDescriptor;
import java.util.List;

/** The replication stream as both sides of it use it: its method, its sizes, its messages. */
public final class ReplicaMethods {
    /** The stream, with messages whose frames are shared instead of copied. */
    public static final MethodDescriptor<ReplicateRequest, ReplicateResponse> REPLICATE =
            ReplicaServiceGrpc.getReplicateMethod().toBuilder(
                            new SharingMarshaller<>(ReplicateRequest.getDefaultInstance()),
                            new SharingMarshaller<>(ReplicateResponse.getDefaultInstance()))
                    .build();

    /** A longer message is refused. A frame, a read and a producer table stay well below it. */
    public static final int MAX_MESSAGE_BYTES = 64 << 20;

    /**
     * A message takes no more items at this size. Larger ones save nothing and are arrays that the
     * garbage collector has to treat apart (half a heap region, 512 KiB in a small heap).
     */
    public static final int MESSAGE_BYTES = 256 << 10;

    /** HTTP/2 window of stream and connection: what may be under way without being taken. */
    public static final int FLOW_CONTROL_WINDOW = 8 << 20;

    /** Bytes in gRPC's hands above which a stream is not ready: enough to keep the socket busy. */
    public static final int READY_BYTES = 1 << 20;

    private ReplicaMethods() {}

    /** One message with these requests, in this order. */
    public static ReplicateRequest message(List<StorageRequest> requests) {
        ReplicateRequest.Builder message = ReplicateRequest.newBuilder();
        for (StorageRequest request : requests) {
            message.addRequests(RequestCodec.encode(request));
        }
        return message.build();
    }

    /** One message with these answers, in this order. */
    public static ReplicateResponse response(List<StorageAnswer> answers) {
        ReplicateResponse.Builder message = ReplicateResponse.newBuilder();
        for (StorageAnswer answer : answers) {
            message.addAnswers(AnswerCodec.encode(answer));
        }
        return message.build();
    }
}
