package io.ackgate.gateway.metadata;

import java.io.IOException;

/**
 * The metadata store holds as much as it may: nothing was changed, and nothing will be by this
 * attempt. What makes room is taken all the same.
 */
public final class MetadataFullException extends IOException {
    private static final long serialVersionUID = 1;

    private final String detail;

    /**
     * A store that takes no more.
     *
     * @param detail what it holds, what is allowed, and what to do
     */
    public MetadataFullException(String detail) {
        super(detail);
        this.detail = detail;
    }

    /** What the store holds, what is allowed, and what to do. */
    public String detail() {
        return detail;
    }
}
