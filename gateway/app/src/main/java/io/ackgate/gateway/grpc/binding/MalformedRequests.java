package io.ackgate.gateway.grpc.binding;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.GrpcErrors;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;

/** Ends a call whose request is not the message that the method takes, or too large a one. */
@ApplicationScoped
public class MalformedRequests implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        if (!(method.getRequestMarshaller() instanceof RequestMarshaller<?> marshaller)) {
            return listener;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            private boolean ended;

            @Override
            public void onMessage(Q message) {
                if (ended) {
                    return;
                }
                RequestMarshaller.Defect defect = marshaller.defect(message);
                if (defect == null) {
                    super.onMessage(message);
                } else {
                    end(failure(defect, method));
                }
            }

            private void end(Failure failure) {
                ended = true;
                super.onCancel();
                StatusRuntimeException status = GrpcErrors.status(failure);
                call.close(status.getStatus(), Objects.requireNonNull(status.getTrailers()));
            }

            @Override
            public void onHalfClose() {
                if (!ended) {
                    super.onHalfClose();
                }
            }
        };
    }

    private static Failure failure(RequestMarshaller.Defect defect, MethodDescriptor<?, ?> method) {
        return switch (defect) {
            case MALFORMED ->
                    Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "",
                            "the bytes sent are not the protobuf message that %s takes, as it is or compressed with gzip"
                                    .formatted(method.getFullMethodName()));
            case TOO_LARGE ->
                    Failure.refused(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "",
                            "the request has more than %d bytes when it is decompressed; send less at a time"
                                    .formatted(RequestMarshaller.MAX_BYTES));
            case TOO_MANY_PARTS ->
                    Failure.refused(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "",
                            "the request has more than %d records and headers; send fewer at a time, or a batch that is ready made"
                                    .formatted(RequestMarshaller.MAX_PARTS));
        };
    }
}
