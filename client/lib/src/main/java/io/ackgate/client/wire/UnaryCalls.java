package io.ackgate.client.wire;

import io.ackgate.client.RequestException;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Calls that write no records: blocking, and tried again while that may help. */
public final class UnaryCalls {
    private static final long LEAST_ATTEMPT_NANOS = 1_000_000_000L;

    private final Gateways gateways;
    private final long timeoutNanos;
    private final Backoff backoff =
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), new Random());

    /**
     * @param timeout for a call with all its retries
     */
    public UnaryCalls(Gateways gateways, Duration timeout) {
        this.gateways = gateways;
        this.timeoutNanos = timeout.toNanos();
    }

    /**
     * Calls, and tries again as long as the error may go away by itself and there is time.
     *
     * @throws RequestException if it does not work
     */
    public <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        long deadline = System.nanoTime() + timeoutNanos;
        for (int failures = 1; ; failures++) {
            ManagedChannel channel = gateways.channel();
            long leftNanos = deadline - System.nanoTime();
            try {
                return ClientCalls.blockingUnaryCall(
                        channel,
                        method,
                        CallOptions.DEFAULT.withDeadlineAfter(
                                attemptNanos(leftNanos), TimeUnit.NANOSECONDS),
                        request);
            } catch (StatusRuntimeException e) {
                GatewayError error = GatewayError.of(e);
                // A call that ran out of time before there was a connection reached no gateway.
                boolean isBroken =
                        error.code().equals(GatewayError.NETWORK_EXCEPTION)
                                || (error.isOfThePath()
                                        && channel.getState(false) != ConnectivityState.READY);
                long waitNanos =
                        Math.max(
                                backoff.nanosAfter(failures),
                                TimeUnit.MILLISECONDS.toNanos(error.retryDelayMillis()));
                // A last try needs some time for itself, or it would only hide what is wrong.
                if (!error.retriable() || deadline - System.nanoTime() < 2 * waitNanos) {
                    throw exception(error, isBroken);
                }
                if (error.isOfThePath()) {
                    gateways.failed(channel);
                }
                pause(waitNanos, error);
            }
        }
    }

    /** A gateway that is silent must leave time for the others. */
    private long attemptNanos(long leftNanos) {
        long share = gateways.count() > 1 ? leftNanos / 2 : leftNanos;
        return Math.max(1, Math.min(leftNanos, Math.max(share, LEAST_ATTEMPT_NANOS)));
    }

    private RequestException exception(GatewayError error, boolean isBroken) {
        return isBroken
                ? new RequestException(
                        GatewayError.NETWORK_EXCEPTION,
                        true,
                        "no gateway answers at %s; is it running? %s"
                                .formatted(gateways.endpoint(), error.message()))
                : new RequestException(error.code(), error.retriable(), error.message());
    }

    private static void pause(long nanos, GatewayError error) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(error.code(), true, "interrupted after: " + error.message());
        }
    }
}
