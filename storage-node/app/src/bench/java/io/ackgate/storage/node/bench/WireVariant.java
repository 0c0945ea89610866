package io.ackgate.storage.node.bench;

import io.ackgate.replication.wire.AnswerCodec;
import io.ackgate.replication.wire.MalformedMessageException;
import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.replication.wire.RequestCodec;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.v1.ReplicaAnswer;
import io.ackgate.storage.v1.ReplicaRequest;
import io.ackgate.storage.v1.ReplicaServiceGrpc;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.MethodDescriptor;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The marshallers that were compared (ADR 0006). All speak the same bytes. */
enum WireVariant {
    /** grpc-protobuf's own: every frame is copied out of the message once more. */
    STOCK {
        @Override
        MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> method() {
            return overMessages(ReplicaServiceGrpc.getReplicateMethod());
        }
    },
    /** The one in use: frames are parts of the array that the message was read into. */
    SHARING {
        @Override
        MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> method() {
            return overMessages(ReplicaMethods.REPLICATE);
        }
    },
    /** Appends written and read without any protobuf object. */
    DIRECT {
        @Override
        MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> method() {
            return descriptor(new DirectAppendMarshaller(), answers(ReplicaMethods.REPLICATE));
        }
    };

    abstract MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> method();

    private static MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> overMessages(
            MethodDescriptor<ReplicateRequest, ReplicateResponse> method) {
        return descriptor(requests(method), answers(method));
    }

    private static MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> descriptor(
            MethodDescriptor.Marshaller<List<StorageRequest>> requests,
            MethodDescriptor.Marshaller<List<StorageAnswer>> answers) {
        return MethodDescriptor.newBuilder(requests, answers)
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName("bench.Bench/Replicate")
                .build();
    }

    private static MethodDescriptor.Marshaller<List<StorageRequest>> requests(
            MethodDescriptor<ReplicateRequest, ReplicateResponse> method) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(List<StorageRequest> requests) {
                return method.streamRequest(ReplicaMethods.message(requests));
            }

            @Override
            public List<StorageRequest> parse(InputStream stream) {
                ReplicateRequest message = method.parseRequest(stream);
                List<StorageRequest> requests = new ArrayList<>(message.getRequestsCount());
                try {
                    for (ReplicaRequest request : message.getRequestsList()) {
                        requests.add(RequestCodec.decode(request));
                    }
                } catch (MalformedMessageException e) {
                    throw new IllegalStateException(e);
                }
                return requests;
            }
        };
    }

    private static MethodDescriptor.Marshaller<List<StorageAnswer>> answers(
            MethodDescriptor<ReplicateRequest, ReplicateResponse> method) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(List<StorageAnswer> answers) {
                return method.streamResponse(ReplicaMethods.response(answers));
            }

            @Override
            public List<StorageAnswer> parse(InputStream stream) {
                ReplicateResponse message = method.parseResponse(stream);
                List<StorageAnswer> answers = new ArrayList<>(message.getAnswersCount());
                try {
                    for (ReplicaAnswer answer : message.getAnswersList()) {
                        answers.add(AnswerCodec.decode(answer));
                    }
                } catch (MalformedMessageException e) {
                    throw new IllegalStateException(e);
                }
                return answers;
            }
        };
    }
}
