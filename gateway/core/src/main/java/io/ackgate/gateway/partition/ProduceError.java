package io.ackgate.gateway.partition;

/** Why a produce request failed: Kafka's names, and whether the same request may succeed later. */
public enum ProduceError {
    NOT_LEADER_OR_FOLLOWER(true),
    NOT_ENOUGH_REPLICAS(true),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(true),
    REQUEST_TIMED_OUT(true),
    THROTTLING_QUOTA_EXCEEDED(true),
    OUT_OF_ORDER_SEQUENCE_NUMBER(false),
    INVALID_RECORD(false),
    INVALID_PRODUCER_EPOCH(false),
    UNKNOWN_PRODUCER_ID(false),
    KAFKA_STORAGE_ERROR(true);

    private final boolean retriable;

    ProduceError(boolean retriable) {
        this.retriable = retriable;
    }

    public boolean retriable() {
        return retriable;
    }
}
