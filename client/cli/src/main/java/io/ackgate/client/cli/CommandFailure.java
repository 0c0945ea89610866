package io.ackgate.client.cli;

/** A command could not do all of its work; the message is the one line that says why. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
