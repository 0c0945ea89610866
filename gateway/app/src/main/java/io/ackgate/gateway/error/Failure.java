package io.ackgate.gateway.error;

import io.ackgate.gateway.partition.Fate;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not fulfilled.
 *
 * @param fate whether its records are in the log; null for a request that writes nothing
 * @param detail what happened, with the numbers
 * @param field path of the request's field that is at fault; empty if none is
 * @param leaderEpoch epoch of the owner that says so, where a caller has to tell a zombie's answer
 *     from its follower's; 0 elsewhere
 */
public record Failure(
        ErrorCode code, @Nullable Fate fate, String detail, String field, int leaderEpoch) {
    /** A failure that no epoch matters to. */
    public Failure(ErrorCode code, @Nullable Fate fate, String detail, String field) {
        this(code, fate, detail, field, 0);
    }

    /** A write that was refused before anything was written. */
    public static Failure notWritten(ErrorCode code, String field, String detail) {
        return new Failure(code, Fate.NOT_WRITTEN, detail, field);
    }

    /** A request that writes no records was refused. */
    public static Failure refused(ErrorCode code, String field, String detail) {
        return new Failure(code, null, detail, field);
    }

    /** What happened and what to do about it. */
    public String message() {
        if (code.hint().isEmpty() || detail.contains(code.hint())) {
            return detail;
        }
        return detail + (detail.endsWith(".") ? " " : ". ") + code.hint();
    }

    /**
     * The gRPC status: {@code UNAVAILABLE} only when nothing was written, because proxies and
     * clients repeat such calls on their own.
     */
    public Status.Code grpcCode() {
        boolean open = fate == Fate.MAY_HAVE_BEEN_WRITTEN || fate == Fate.WRITTEN;
        return open && code.grpc() == Status.Code.UNAVAILABLE ? Status.Code.ABORTED : code.grpc();
    }

    /** As an exception, for code that has no other way to give it. */
    public FailureException asException() {
        return new FailureException(this);
    }
}
