package io.ackgate.record;

/**
 * The records of a batch cannot be read. Checked, because bytes of a client can cause it: a
 * compressed batch is stored without being looked into, so that its content is found wrong by the
 * reader only.
 */
public final class UnreadableBatchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why the records cannot be read. */
    public enum Reason {
        /** The bytes break the layout. */
        MALFORMED,
        /** The batch is compressed in a way for which the reader was given no decompressor. */
        NO_DECOMPRESSOR,
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
