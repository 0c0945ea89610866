package io.ackgate.client.wire;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.ackgate.client.WriteStatus;
import io.ackgate.v1.RequestError;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * An error as the client sees it, whether a gateway answered it in a stream, ended a call with it,
 * or could not be reached at all.
 *
 * @param code Kafka's name
 * @param message what happened and what to do
 * @param retriable whether the very same request may succeed later
 * @param writeStatus what became of the records of that attempt; for requests that write nothing it
 *     means nothing
 * @param retryDelayMillis how long the gateway asks to wait, 0 or more
 */
public record GatewayError(
        String code,
        String message,
        boolean retriable,
        WriteStatus writeStatus,
        int retryDelayMillis) {
    /** Kafka's name for a connection that ended while an answer was awaited. */
    public static final String NETWORK_EXCEPTION = "NETWORK_EXCEPTION";

    /** Kafka's name for an answer that did not come in time. */
    public static final String REQUEST_TIMED_OUT = "REQUEST_TIMED_OUT";

    /** The connection is gone, and with it the answer: the request may have arrived. */
    public static GatewayError brokenConnection(String why) {
        return new GatewayError(NETWORK_EXCEPTION, why, true, WriteStatus.MAY_HAVE_BEEN_WRITTEN, 0);
    }

    private static final String MESSAGE_TOO_LARGE = "MESSAGE_TOO_LARGE";
    private static final String UNKNOWN_TOPIC_OR_PARTITION = "UNKNOWN_TOPIC_OR_PARTITION";

    /** Whether the topic takes no batch of this size. */
    public boolean saysTooLarge() {
        return code.equals(MESSAGE_TOO_LARGE);
    }

    /** Whether there is no such topic, or no such partition of it. */
    public boolean saysUnknownTopic() {
        return code.equals(UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** Whether another gateway may answer where this one did not. */
    public boolean isOfThePath() {
        return code.equals(NETWORK_EXCEPTION) || code.equals(REQUEST_TIMED_OUT);
    }

    /** What a stream answered. */
    public static GatewayError of(RequestError error) {
        return new GatewayError(
                error.getCode(),
                error.getMessage(),
                error.getRetriable(),
                switch (error.getWriteStatus()) {
                    case WRITE_STATUS_NOT_WRITTEN -> WriteStatus.NOT_WRITTEN;
                    // An answer that does not say so must not be taken for "not written".
                    case WRITE_STATUS_MAY_HAVE_BEEN_WRITTEN,
                            WRITE_STATUS_UNSPECIFIED,
                            UNRECOGNIZED ->
                            WriteStatus.MAY_HAVE_BEEN_WRITTEN;
                },
                Math.max(0, error.getRetryDelayMs()));
    }

    /** What ended a call. Without details of a gateway the status itself has to do. */
    public static GatewayError of(Throwable thrown) {
        com.google.rpc.Status details = StatusProto.fromThrowable(thrown);
        Status status = Status.fromThrowable(thrown);
        int delayMillis = 0;
        ErrorInfo info = ErrorInfo.getDefaultInstance();
        if (details != null) {
            try {
                // By an instance and not by its class, of which protobuf asks one by reflection: a
                // native executable knows nothing of that.
                RetryInfo retry = RetryInfo.getDefaultInstance();
                for (Any detail : details.getDetailsList()) {
                    if (detail.isSameTypeAs(info)) {
                        info = detail.unpackSameTypeAs(info);
                    } else if (detail.isSameTypeAs(retry)) {
                        var delay = detail.unpackSameTypeAs(retry).getRetryDelay();
                        delayMillis =
                                (int) (delay.getSeconds() * 1000 + delay.getNanos() / 1_000_000);
                    }
                }
            } catch (InvalidProtocolBufferException e) {
                return ofStatus(status);
            }
        }
        if (info.getReason().isEmpty()) {
            return ofStatus(status);
        }
        String said = status.getDescription() == null ? "" : status.getDescription();
        String prefix = info.getReason() + ": ";
        return new GatewayError(
                info.getReason(),
                // The code stands beside the message here.
                said.startsWith(prefix) ? said.substring(prefix.length()) : said,
                Boolean.parseBoolean(info.getMetadataOrDefault("retriable", "false")),
                writeStatusOf(info.getMetadataOrDefault("write_status", "")),
                delayMillis);
    }

    private static GatewayError ofStatus(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, UNKNOWN, ABORTED -> brokenConnection(describe(status));
            case DEADLINE_EXCEEDED ->
                    new GatewayError(
                            REQUEST_TIMED_OUT,
                            describe(status),
                            true,
                            WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                            0);
            default ->
                    new GatewayError(
                            "UNKNOWN_SERVER_ERROR",
                            describe(status),
                            false,
                            WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                            0);
        };
    }

    private static WriteStatus writeStatusOf(String text) {
        return text.equals("NOT_WRITTEN")
                ? WriteStatus.NOT_WRITTEN
                : WriteStatus.MAY_HAVE_BEEN_WRITTEN;
    }

    /** A status with the reason at its root, since "io exception" alone says nothing. */
    public static String describe(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        Throwable root = status.getCause();
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        if (root != null && !(root instanceof StatusRuntimeException)) {
            String message = root.getMessage();
            text.append(" (")
                    .append(message == null ? root.getClass().getSimpleName() : message)
                    .append(')');
        }
        return text.toString();
    }
}
