package io.ackgate.gateway.error;

/**
 * Every error a caller can meet: Kafka's name and number, what it is in gRPC and in HTTP, whether
 * the very same request may succeed later, what became of the records of a write that ends with it,
 * and what to do about it. The only such table there is.
 */
public enum ErrorCode {
    INVALID_REQUEST(42, GrpcCode.INVALID_ARGUMENT, 400, Records.NOT_WRITTEN, ""),
    INVALID_REQUIRED_ACKS(
            21,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "Use ACKS_NONE, ACKS_LEADER or ACKS_ALL."),
    INVALID_CONFIG(
            40,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "Change one of the settings at odds."),
    INVALID_TOPIC_EXCEPTION(
            17,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is neither . nor"
                    + " .."),
    INVALID_PARTITIONS(
            37, GrpcCode.INVALID_ARGUMENT, 400, Records.NONE, "Give another number of partitions."),
    INVALID_REPLICATION_FACTOR(
            38,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NONE,
            "There must be a storage node for each replica."),
    INVALID_GROUP_ID(
            24,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NONE,
            "A group's name has 1 to 249 of the characters a-z A-Z 0-9 . _ -"),
    INVALID_TIMESTAMP(
            32,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "Timestamps are milliseconds since 1970, 0 or more."),
    INVALID_RECORD(
            87, GrpcCode.INVALID_ARGUMENT, 400, Records.NOT_WRITTEN, "Mend what builds the batch."),
    CORRUPT_MESSAGE(
            2,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "The bytes are not one whole RecordBatch v2: build the batch again."),
    UNSUPPORTED_COMPRESSION_TYPE(
            76,
            GrpcCode.INVALID_ARGUMENT,
            400,
            Records.NOT_WRITTEN,
            "Use none, gzip, snappy, lz4 or zstd."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(
            43,
            GrpcCode.FAILED_PRECONDITION,
            422,
            Records.NONE,
            "Go on at the next offset, step over it with skip_unreadable, or read it with"
                    + " RECORD_FORMAT_BATCHES."),
    MESSAGE_TOO_LARGE(
            10,
            GrpcCode.INVALID_ARGUMENT,
            413,
            Records.NOT_WRITTEN,
            "Send fewer records per batch, or raise the topic's max.message.bytes."),
    OFFSET_METADATA_TOO_LARGE(
            12, GrpcCode.INVALID_ARGUMENT, 400, Records.NONE, "Keep less with the offset."),
    OFFSET_OUT_OF_RANGE(
            1,
            GrpcCode.OUT_OF_RANGE,
            416,
            Records.NONE,
            "Start at the earliest or the latest offset instead."),
    UNKNOWN_TOPIC_OR_PARTITION(3, GrpcCode.NOT_FOUND, 404, Records.NOT_WRITTEN, ""),
    GROUP_ID_NOT_FOUND(
            69,
            GrpcCode.NOT_FOUND,
            404,
            Records.NONE,
            "List the groups to see which have committed offsets."),
    BROKER_ID_NOT_REGISTERED(
            102, GrpcCode.NOT_FOUND, 404, Records.NONE, "List the nodes to see which there are."),
    TOPIC_ALREADY_EXISTS(36, GrpcCode.ALREADY_EXISTS, 409, Records.NONE, "Choose another name."),
    POLICY_VIOLATION(
            44,
            GrpcCode.FAILED_PRECONDITION,
            422,
            Records.NOT_WRITTEN,
            "Keep to what the topic's settings ask for."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, GrpcCode.FAILED_PRECONDITION, 409, Records.NOT_WRITTEN, ""),
    FENCED_LEADER_EPOCH(74, GrpcCode.FAILED_PRECONDITION, 409, Records.NONE, ""),
    UNKNOWN_LEADER_EPOCH(75, GrpcCode.UNAVAILABLE, 503, 50, Records.NONE, ""),
    INVALID_PRODUCER_EPOCH(47, GrpcCode.FAILED_PRECONDITION, 409, Records.NOT_WRITTEN, ""),
    UNKNOWN_PRODUCER_ID(59, GrpcCode.FAILED_PRECONDITION, 409, Records.EITHER, ""),
    ELECTION_NOT_NEEDED(84, GrpcCode.FAILED_PRECONDITION, 409, Records.NONE, ""),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, GrpcCode.UNAVAILABLE, 503, 1_000, Records.NONE, ""),
    NOT_ENOUGH_REPLICAS(19, GrpcCode.UNAVAILABLE, 503, 100, Records.NOT_WRITTEN, ""),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(
            20, GrpcCode.ABORTED, 503, 100, Records.MAY_HAVE_BEEN_WRITTEN, ""),
    NOT_LEADER_OR_FOLLOWER(6, GrpcCode.UNAVAILABLE, 503, 50, Records.EITHER, ""),
    COORDINATOR_NOT_AVAILABLE(15, GrpcCode.UNAVAILABLE, 503, 100, Records.NONE, "Try again."),
    KAFKA_STORAGE_ERROR(
            56, GrpcCode.UNAVAILABLE, 503, 100, Records.NONE, "Look at the storage nodes."),
    REQUEST_TIMED_OUT(7, GrpcCode.DEADLINE_EXCEEDED, 504, 0, Records.EITHER, ""),
    THROTTLING_QUOTA_EXCEEDED(89, GrpcCode.RESOURCE_EXHAUSTED, 429, 50, Records.NOT_WRITTEN, ""),
    UNKNOWN_SERVER_ERROR(
            -1,
            GrpcCode.INTERNAL,
            500,
            Records.EITHER,
            "This is a bug in Ackgate: its log says more.");

    /** What became of the records of a write that ends with an error. */
    private enum Records {
        /** No write ends with it. */
        NONE,
        NOT_WRITTEN,
        MAY_HAVE_BEEN_WRITTEN,
        /** It depends on how far the write had come: each answer says it. */
        EITHER
    }

    private static final int NEVER = -1;

    private final int number;
    private final GrpcCode grpc;
    private final int http;
    private final int retryDelayMillis;
    private final Records records;
    private final String hint;

    ErrorCode(int number, GrpcCode grpc, int http, Records records, String hint) {
        this(number, grpc, http, NEVER, records, hint);
    }

    ErrorCode(
            int number,
            GrpcCode grpc,
            int http,
            int retryDelayMillis,
            Records records,
            String hint) {
        this.number = number;
        this.grpc = grpc;
        this.http = http;
        this.retryDelayMillis = retryDelayMillis;
        this.records = records;
        this.hint = hint;
    }

    /** Kafka's number of it. */
    public int number() {
        return number;
    }

    /**
     * The gRPC status. {@code UNAVAILABLE} is what proxies retry on their own, so that an error
     * that leaves open whether the records were written is told as {@code ABORTED} instead.
     */
    public GrpcCode grpc() {
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

    /** Whether an answer to a write with this error may say this of the records. */
    public boolean allows(WriteStatus status) {
        return switch (records) {
            case NONE -> false;
            case NOT_WRITTEN -> status == WriteStatus.NOT_WRITTEN;
            case MAY_HAVE_BEEN_WRITTEN -> status == WriteStatus.MAY_HAVE_BEEN_WRITTEN;
            case EITHER -> true;
        };
    }

    /** What to do about it, as a sentence; empty where what is wrong says it already. */
    public String hint() {
        return hint;
    }
}
