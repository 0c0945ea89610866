package io.ackgate.gateway.metadata.codec;

/** A value of the metadata store that is not what its key says. */
public final class UnreadableMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreadableMetadataException(String what, Throwable cause) {
        super(what + " cannot be read from the metadata store: " + cause.getMessage(), cause);
    }
}
