package io.ackgate.client;

/** A record was not acknowledged: why, and what is known of it. */
public final class DeliveryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Partition of a record that never got one. */
    public static final int NO_PARTITION = -1;

    private final String topic;
    private final int partition;
    private final String code;
    private final WriteStatus writeStatus;
    private final boolean retriable;
    private final int attempts;

    /**
     * @param topic topic of the record
     * @param partition its partition, or {@link #NO_PARTITION}
     * @param code Kafka's name of the error, such as NOT_ENOUGH_REPLICAS
     * @param writeStatus what is known of the record after all attempts
     * @param retriable whether the error is one that may go away by itself
     * @param attempts how often the record was put on the wire, 0 or more
     * @param detail what happened and what to do
     */
    public DeliveryException(
            String topic,
            int partition,
            String code,
            WriteStatus writeStatus,
            boolean retriable,
            int attempts,
            String detail) {
        // Thousands of records may fail at once, and the stack is always that of the sending
        // thread.
        super(code + " (" + writeStatus + "): " + detail, null, false, false);
        this.topic = topic;
        this.partition = partition;
        this.code = code;
        this.writeStatus = writeStatus;
        this.retriable = retriable;
        this.attempts = attempts;
    }

    /** Topic of the record. */
    public String topic() {
        return topic;
    }

    /** Partition of the record, or {@link #NO_PARTITION} if it never got one. */
    public int partition() {
        return partition;
    }

    /** Kafka's name of the error, such as NOT_ENOUGH_REPLICAS. */
    public String code() {
        return code;
    }

    /** What is known of the record after all attempts. */
    public WriteStatus writeStatus() {
        return writeStatus;
    }

    /**
     * Whether the error is one that may go away by itself. Sending the record anew is safe when the
     * write status is {@link WriteStatus#NOT_WRITTEN}; otherwise it may then be in the log twice.
     */
    public boolean retriable() {
        return retriable;
    }

    /** How often the record was put on the wire, 0 or more. */
    public int attempts() {
        return attempts;
    }
}
