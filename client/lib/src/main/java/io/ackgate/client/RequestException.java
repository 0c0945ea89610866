package io.ackgate.client;

/** A request that writes no records was refused, or no gateway could be reached. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retriable;

    /**
     * @param code Kafka's name of the error, such as UNKNOWN_TOPIC_OR_PARTITION
     * @param retriable whether the very same request may succeed later
     * @param detail what happened and what to do
     */
    public RequestException(String code, boolean retriable, String detail) {
        super(detail);
        this.code = code;
        this.retriable = retriable;
    }

    /** Kafka's name of the error, such as UNKNOWN_TOPIC_OR_PARTITION. */
    public String code() {
        return code;
    }

    /** Whether the very same request may succeed later. */
    public boolean retriable() {
        return retriable;
    }
}
