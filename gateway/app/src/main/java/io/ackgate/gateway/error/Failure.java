package io.ackgate.gateway.error;

import io.ackgate.gateway.partition.Fate;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not fulfilled.
 *
 * @param fate whether its records are in the log; null for a request that writes nothing
 * @param detail what happened, with the numbers, and what to do about it
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

    /**
     * A write that was refused at the door, before anything was written.
     *
     * @param problem what is wrong; what to do about it is added by the code
     */
    public static Failure notWritten(ErrorCode code, String field, String problem) {
        return new Failure(code, Fate.NOT_WRITTEN, advised(code, problem), field);
    }

    /**
     * A request that writes no records was refused at the door.
     *
     * @param problem what is wrong; what to do about it is added by the code
     */
    public static Failure refused(ErrorCode code, String field, String problem) {
        return new Failure(code, null, advised(code, problem), field);
    }

    private static String advised(ErrorCode code, String problem) {
        if (code.hint().isEmpty()) {
            return problem;
        }
        return problem + (problem.endsWith(".") ? " " : ". ") + code.hint();
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
