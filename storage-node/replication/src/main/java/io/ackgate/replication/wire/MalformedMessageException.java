package io.ackgate.replication.wire;

/** A message that cannot be understood. The text says which field, what it holds and what may. */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedMessageException(String message) {
        super(message);
    }
}
