package io.ackgate.gateway.failure;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.GrpcCode;
import io.ackgate.gateway.error.WriteStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not fulfilled.
 *
 * @param writeStatus whether its records are in the log; null for a request that writes nothing
 * @param detail what happened, with the numbers, and what to do about it
 * @param field path of the request's field that is at fault; empty if none is
 * @param leaderEpoch epoch of the owner that says so, where a caller has to tell a zombie's answer
 *     from its follower's; 0 elsewhere
 * @param places where it happened, for callers that go on by it; empty where that means nothing
 */
public record Failure(
        ErrorCode code,
        @Nullable WriteStatus writeStatus,
        String detail,
        String field,
        int leaderEpoch,
        Map<String, String> places) {
    /** A failure that no epoch matters to. */
    public Failure(ErrorCode code, @Nullable WriteStatus writeStatus, String detail, String field) {
        this(code, writeStatus, detail, field, 0);
    }

    /** A failure that an owner of this epoch tells. */
    public Failure(
            ErrorCode code,
            @Nullable WriteStatus writeStatus,
            String detail,
            String field,
            int leaderEpoch) {
        this(code, writeStatus, detail, field, leaderEpoch, Map.of());
    }

    /** The same, with where it happened: a few short names and numbers. */
    public Failure with(Map<String, String> where) {
        return new Failure(code, writeStatus, detail, field, leaderEpoch, Map.copyOf(where));
    }

    /**
     * A write that was refused at the door, before anything was written.
     *
     * @param problem what is wrong; what to do about it is added by the code
     */
    public static Failure notWritten(ErrorCode code, String field, String problem) {
        return atTheDoor(code, WriteStatus.NOT_WRITTEN, field, problem);
    }

    /**
     * A request that writes no records was refused at the door.
     *
     * @param problem what is wrong; what to do about it is added by the code
     */
    public static Failure refused(ErrorCode code, String field, String problem) {
        return atTheDoor(code, null, field, problem);
    }

    static Failure atTheDoor(
            ErrorCode code, @Nullable WriteStatus writeStatus, String field, String problem) {
        return new Failure(code, writeStatus, advised(code, problem), field);
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
    public GrpcCode grpcCode() {
        boolean open = writeStatus == WriteStatus.MAY_HAVE_BEEN_WRITTEN;
        return open && code.grpc() == GrpcCode.UNAVAILABLE ? GrpcCode.ABORTED : code.grpc();
    }

    /** As an exception, for code that has no other way to give it. */
    public FailureException asException() {
        return new FailureException(this);
    }
}
