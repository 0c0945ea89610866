package io.ackgate.gateway.grpc;

import com.google.protobuf.MessageLite;
import io.ackgate.gateway.http.ReadDeadline;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives every fetch a reader of the {@link ReadMemory}, which holds the answer until the transport
 * has taken it: the call is closed only then, since nothing is heard of the transport afterwards.
 */
@ApplicationScoped
public class TakenAnswers implements ServerInterceptor {
    private static final String FETCH = ConsumerServiceGrpc.getFetchMethod().getFullMethodName();

    private static final Context.Key<ReadMemory.Reader> READER = Context.key("ackgate-reader");

    private final GatewayRuntime runtime;

    TakenAnswers(GatewayRuntime runtime) {
        this.runtime = runtime;
    }

    /** The reader of the fetch that is being served. */
    static ReadMemory.Reader reader() {
        return Objects.requireNonNull(READER.get(), "not called within a fetch");
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!call.getMethodDescriptor().getFullMethodName().equals(FETCH)) {
            return next.startCall(call, headers);
        }
        ReadMemory.Reader reader = runtime.readMemory().reader(ReadDeadline.current());
        Taken<Q, A> taken = new Taken<>(call, reader);
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(
                        Context.current().withValue(READER, reader), taken, headers, next);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onReady() {
                super.onReady();
                taken.ready();
            }

            @Override
            public void onCancel() {
                taken.gone();
                super.onCancel();
            }
        };
    }

    private static final class Taken<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final ReadMemory.Reader reader;

        /** How it is to be closed once the answer is taken. */
        private @Nullable Runnable end;

        private Taken(ServerCall<Q, A> call, ReadMemory.Reader reader) {
            super(call);
            this.reader = reader;
        }

        @Override
        public void sendMessage(A message) {
            super.sendMessage(message);
            // What it was made of is needed no more.
            reader.made(((MessageLite) message).getSerializedSize());
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end =
                    () -> {
                        reader.close();
                        super.close(status, trailers);
                    };
            if (!status.isOk() || isReady()) {
                ready();
            }
        }

        private void ready() {
            Runnable now = end;
            if (now != null) {
                end = null;
                now.run();
            }
        }

        private void gone() {
            end = null;
            reader.close();
        }
    }
}
