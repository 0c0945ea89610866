package io.ackgate.gateway.topic;

/** Why a request about a topic was refused: Kafka's names. */
public enum TopicError {
    INVALID_TOPIC_EXCEPTION,
    TOPIC_ALREADY_EXISTS,
    UNKNOWN_TOPIC_OR_PARTITION,
    INVALID_PARTITIONS,
    INVALID_REPLICATION_FACTOR,
    INVALID_CONFIG,
    POLICY_VIOLATION
}
