package io.ackgate.gateway.error;

/** Those of gRPC's status codes that errors have here, under gRPC's names and numbers. */
public enum GrpcCode {
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    INTERNAL(13),
    /** Proxies and clients repeat such calls on their own: nothing was written by them. */
    UNAVAILABLE(14);

    private final int number;

    GrpcCode(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }
}
