package io.ackgate.gateway.error;

import io.grpc.Status;

/**
 * Every error a caller can meet: Kafka's name, what it is in gRPC and in HTTP, whether the very
 * same request may succeed later, and what to do about it. The only such table there is.
 */
public enum ErrorCode {
    INVALID_REQUEST(Status.Code.INVALID_ARGUMENT, 400, ""),
    INVALID_REQUIRED_ACKS(
            Status.Code.INVALID_ARGUMENT, 400, "Use ACKS_NONE, ACKS_LEADER or ACKS_ALL."),
    INVALID_CONFIG(Status.Code.INVALID_ARGUMENT, 400, "Change one of the settings at odds."),
    INVALID_TOPIC_EXCEPTION(
            Status.Code.INVALID_ARGUMENT,
            400,
            "A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is neither . nor"
                    + " .."),
    INVALID_PARTITIONS(Status.Code.INVALID_ARGUMENT, 400, "Give another number of partitions."),
    INVALID_REPLICATION_FACTOR(
            Status.Code.INVALID_ARGUMENT, 400, "There must be a storage node for each replica."),
    INVALID_GROUP_ID(
            Status.Code.INVALID_ARGUMENT,
            400,
            "A group's name has 1 to 249 of the characters a-z A-Z 0-9 . _ -"),
    INVALID_TIMESTAMP(
            Status.Code.INVALID_ARGUMENT,
            400,
            "Timestamps are milliseconds since 1970, 0 or more."),
    INVALID_RECORD(Status.Code.INVALID_ARGUMENT, 400, "Mend what builds the batch."),
    CORRUPT_MESSAGE(
            Status.Code.INVALID_ARGUMENT,
            400,
            "The bytes are not one whole RecordBatch v2: build the batch again."),
    UNSUPPORTED_COMPRESSION_TYPE(
            Status.Code.INVALID_ARGUMENT, 400, "Use none, gzip, snappy, lz4 or zstd."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(
            Status.Code.FAILED_PRECONDITION,
            422,
            "Go on at the next offset, step over it with skip_unreadable, or read it with"
                    + " RECORD_FORMAT_BATCHES."),
    MESSAGE_TOO_LARGE(
            Status.Code.INVALID_ARGUMENT,
            413,
            "Send fewer records per batch, or raise the topic's max.message.bytes."),
    OFFSET_METADATA_TOO_LARGE(Status.Code.INVALID_ARGUMENT, 400, "Keep less with the offset."),
    OFFSET_OUT_OF_RANGE(
            Status.Code.OUT_OF_RANGE, 416, "Start at the earliest or the latest offset instead."),
    UNKNOWN_TOPIC_OR_PARTITION(Status.Code.NOT_FOUND, 404, ""),
    GROUP_ID_NOT_FOUND(
            Status.Code.NOT_FOUND, 404, "List the groups to see which have committed offsets."),
    BROKER_ID_NOT_REGISTERED(Status.Code.NOT_FOUND, 404, "List the nodes to see which there are."),
    TOPIC_ALREADY_EXISTS(Status.Code.ALREADY_EXISTS, 409, "Choose another name."),
    POLICY_VIOLATION(
            Status.Code.FAILED_PRECONDITION, 422, "Keep to what the topic's settings ask for."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(Status.Code.FAILED_PRECONDITION, 409, ""),
    FENCED_LEADER_EPOCH(Status.Code.FAILED_PRECONDITION, 409, ""),
    UNKNOWN_LEADER_EPOCH(Status.Code.UNAVAILABLE, 503, 50, ""),
    INVALID_PRODUCER_EPOCH(Status.Code.FAILED_PRECONDITION, 409, ""),
    UNKNOWN_PRODUCER_ID(Status.Code.FAILED_PRECONDITION, 409, ""),
    ELECTION_NOT_NEEDED(Status.Code.FAILED_PRECONDITION, 409, ""),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(Status.Code.UNAVAILABLE, 503, 1_000, ""),
    NOT_ENOUGH_REPLICAS(Status.Code.UNAVAILABLE, 503, 100, ""),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(Status.Code.ABORTED, 503, 100, ""),
    NOT_LEADER_OR_FOLLOWER(Status.Code.UNAVAILABLE, 503, 50, ""),
    LEADER_NOT_AVAILABLE(Status.Code.UNAVAILABLE, 503, 50, ""),
    COORDINATOR_NOT_AVAILABLE(Status.Code.UNAVAILABLE, 503, 100, "Try again."),
    KAFKA_STORAGE_ERROR(Status.Code.UNAVAILABLE, 503, 100, "Look at the storage nodes."),
    REQUEST_TIMED_OUT(Status.Code.DEADLINE_EXCEEDED, 504, 0, ""),
    THROTTLING_QUOTA_EXCEEDED(Status.Code.RESOURCE_EXHAUSTED, 429, 50, ""),
    UNKNOWN_SERVER_ERROR(Status.Code.INTERNAL, 500, "This is a bug in Ackgate: its log says more.");

    private static final int NEVER = -1;

    private final Status.Code grpc;
    private final int http;
    private final int retryDelayMillis;
    private final String hint;

    ErrorCode(Status.Code grpc, int http, String hint) {
        this(grpc, http, NEVER, hint);
    }

    ErrorCode(Status.Code grpc, int http, int retryDelayMillis, String hint) {
        this.grpc = grpc;
        this.http = http;
        this.retryDelayMillis = retryDelayMillis;
        this.hint = hint;
    }

    /**
     * The gRPC status. {@code UNAVAILABLE} is what proxies retry on their own, so that an error
     * that leaves open whether it was written turns into {@code ABORTED}: see {@link
     * Failure#grpcCode}.
     */
    public Status.Code grpc() {
        return grpc;
    }

    /** The HTTP status, 400 to 599. */
    public int http() {
        return http;
    }

    /** Whether the very same request may succeed later, without anybody changing it. */
    public boolean retriable() {
        return retryDelayMillis != NEVER;
    }

    /** How long to wait before a retry, milliseconds; 0 where retrying does not help. */
    public int retryDelayMillis() {
        return Math.max(0, retryDelayMillis);
    }

    /** What to do about it, as a sentence; empty where what is wrong says it already. */
    public String hint() {
        return hint;
    }
}
