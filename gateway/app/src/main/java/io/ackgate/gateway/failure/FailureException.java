package io.ackgate.gateway.failure;

/** Carries a {@link Failure} through code that answers by throwing: REST resources and Mutiny. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    /** No stack trace is taken: the cause is in the request, and a client may send many such. */
    FailureException(Failure failure) {
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
