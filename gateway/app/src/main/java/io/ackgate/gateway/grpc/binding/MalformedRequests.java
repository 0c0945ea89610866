package io.ackgate.gateway.grpc.binding;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
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

/** Ends a call whose request is not the message that the method takes. */
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
                if (!marshaller.isMalformed(message)) {
                    super.onMessage(message);
                    return;
                }
                ended = true;
                super.onCancel();
                StatusRuntimeException status = GrpcErrors.status(failure(method));
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

    private static Failure failure(MethodDescriptor<?, ?> method) {
        return Failure.refused(
                ErrorCode.INVALID_REQUEST,
                "",
                "the bytes sent are not the protobuf message that %s takes"
                        .formatted(method.getFullMethodName()));
    }
}
