package io.ackgate.record;

/** The records of a batch cannot be read. Checked, because bytes of a client can cause it. */
public final class UnreadableBatchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why the records cannot be read. */
    public enum Reason {
        /** The bytes break the layout. */
        MALFORMED,
        /** The compressed bytes are not what the batch says they are, or cannot be read here. */
        NOT_DECOMPRESSED,
        /** Decompressed, the records would take more bytes than the reader allows. */
        TOO_LARGE
    }

    private final Reason reason;

    /**
     * Describes what was found. No stack trace is taken: the cause is in the bytes, and a client
     * may send many such.
     *
     * @param reason to decide by
     * @param detail to read
     */
    public UnreadableBatchException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    static UnreadableBatchException malformed(String detail) {
        return new UnreadableBatchException(Reason.MALFORMED, detail);
    }

    /** Why the records cannot be read. */
    public Reason reason() {
        return reason;
    }
}
