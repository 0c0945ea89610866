package io.ackgate.gateway.grpc;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.FailureException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What a service throws becomes the status that ends the call: a failure says itself what it is,
 * anything else is a bug, is logged, and is told without its details.
 */
@ApplicationScoped
public class GrpcStatuses implements ExceptionHandlerProvider {
    private static final Logger LOG = Logger.getLogger(GrpcStatuses.class);

    @Override
    public Throwable transform(Throwable thrown) {
        return switch (thrown) {
            case FailureException known -> GrpcErrors.status(known.failure());
            case StatusRuntimeException status -> status;
            case StatusException status -> status;
            default -> unexpected(thrown);
        };
    }

    /** Does a step of a call, which ends with the status for what the step fails with. */
    static void guarded(Runnable step, Consumer<? super Throwable> call) {
        try {
            step.run();
        } catch (RuntimeException | Error bug) {
            call.accept(unexpected(bug));
        }
    }

    /** The status for what must not happen; it is logged. */
    static StatusRuntimeException unexpected(Throwable thrown) {
        LOG.error("a call failed on something unforeseen", thrown);
        return GrpcErrors.status(
                Failure.refused(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "",
                        "the gateway met something unforeseen ("
                                + thrown.getClass().getSimpleName()
                                + ")"));
    }

    @Override
    public <Q, A> ExceptionHandler<Q, A> createHandler(
            Listener<Q> listener, ServerCall<Q, A> call, Metadata metadata) {
        return new ExceptionHandler<>(listener, call, metadata) {
            @Override
            protected void handleException(
                    Throwable thrown, ServerCall<Q, A> failed, Metadata headers) {
                close(failed, thrown);
            }
        };
    }

    private void close(ServerCall<?, ?> call, Throwable thrown) {
        Throwable status = transform(thrown);
        Metadata trailers = Status.trailersFromThrowable(status);
        try {
            call.close(Status.fromThrowable(status), trailers == null ? new Metadata() : trailers);
        } catch (IllegalStateException closed) {
            LOG.debugf("a call that failed was closed already: %s", closed.getMessage());
        }
    }
}
