package io.ackgate.gateway.metadata.embedded;

import java.io.IOException;

/**
 * The log has changed where it was whole: what follows cannot be relied on, and guessing would lose
 * acknowledged changes.
 */
public final class CorruptMetadataException extends IOException {
    private static final long serialVersionUID = 1;

    CorruptMetadataException(String message) {
        super(message);
    }
}
