package io.ackgate.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.v1.PartitionError;
import io.ackgate.v1.RequestError;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a failure looks like in gRPC: a status with details for calls, a message in streams. */
// Any.pack looks for a message's getters by reflection; Quarkus registers only those of our own.
@RegisterForReflection(targets = {Status.class, ErrorInfo.class, RetryInfo.class, BadRequest.class})
public final class GrpcErrors {
    /** The domain of {@code ErrorInfo}. */
    static final String DOMAIN = "ackgate.io";

    private static final int MAX_DETAIL_BYTES = 600;

    private GrpcErrors() {}

    /** The status that ends a call. */
    public static StatusRuntimeException status(Failure failure) {
        String detail = cut(failure.detail());
        Status.Builder status =
                Status.newBuilder()
                        .setCode(failure.grpcCode().number())
                        .setMessage(failure.code().name() + ": " + detail)
                        .addDetails(Any.pack(info(failure)));
        if (failure.code().retriable()) {
            status.addDetails(
                    Any.pack(
                            RetryInfo.newBuilder()
                                    .setRetryDelay(delay(failure.code().retryDelayMillis()))
                                    .build()));
        }
        if (!failure.field().isEmpty()) {
            status.addDetails(
                    Any.pack(
                            BadRequest.newBuilder()
                                    .addFieldViolations(
                                            BadRequest.FieldViolation.newBuilder()
                                                    .setField(failure.field())
                                                    .setDescription(detail))
                                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /**
     * Clients refuse trailers above 8 KiB, and the caller would lose all that they say: a text that
     * repeats what was given is cut. It stands in them twice, in base64, and once with three
     * characters for each byte that is not ASCII.
     */
    private static String cut(String detail) {
        int end = 0;
        int bytes = 0;
        while (end < detail.length()) {
            int character = detail.codePointAt(end);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > MAX_DETAIL_BYTES) {
                return detail.substring(0, end) + "...";
            }
            end += Character.charCount(character);
        }
        return detail;
    }

    private static Duration delay(int millis) {
        return Duration.newBuilder()
                .setSeconds(millis / 1_000)
                .setNanos(millis % 1_000 * 1_000_000)
                .build();
    }

    private static ErrorInfo info(Failure failure) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder()
                        .setReason(failure.code().name())
                        .setDomain(DOMAIN)
                        .putMetadata("retriable", Boolean.toString(failure.code().retriable()));
        if (failure.writeStatus() != null) {
            info.putMetadata("write_status", failure.writeStatus().name());
        }
        if (failure.leaderEpoch() > 0) {
            info.putMetadata("leader_epoch", Integer.toString(failure.leaderEpoch()));
        }
        return info.putAllMetadata(failure.places()).build();
    }

    /** The message that tells it in a stream. */
    static RequestError message(Failure failure) {
        return RequestError.newBuilder()
                .setCode(failure.code().name())
                .setMessage(failure.detail())
                .setRetriable(failure.code().retriable())
                .setWriteStatus(writeStatus(failure.writeStatus()))
                .setRetryDelayMs(failure.code().retryDelayMillis())
                .setField(failure.field())
                .setLeaderEpoch(failure.leaderEpoch())
                .build();
    }

    /** What each partition says that did not acknowledge its share of a request. */
    static List<PartitionError> shares(ProduceAnswer answer) {
        return answer.refused().stream()
                .map(
                        share ->
                                PartitionError.newBuilder()
                                        .setPartition(share.partition())
                                        .setRecordCount(share.recordCount())
                                        .addAllRecordIndexes(share.recordIndexes())
                                        .setError(message(share.failure()))
                                        .build())
                .toList();
    }

    private static io.ackgate.v1.WriteStatus writeStatus(@Nullable WriteStatus writeStatus) {
        return switch (writeStatus) {
            case null -> io.ackgate.v1.WriteStatus.WRITE_STATUS_UNSPECIFIED;
            case NOT_WRITTEN -> io.ackgate.v1.WriteStatus.WRITE_STATUS_NOT_WRITTEN;
            case MAY_HAVE_BEEN_WRITTEN ->
                    io.ackgate.v1.WriteStatus.WRITE_STATUS_MAY_HAVE_BEEN_WRITTEN;
        };
    }
}
