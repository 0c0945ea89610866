package io.ackgate.gateway.grpc.binding;

import com.google.rpc.Status;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.grpc.GrpcErrors;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * The status of a call as HTTP carries it, for calls that end before gRPC has them in hand, or
 * beside it.
 *
 * @param code of gRPC, 1 to 16
 * @param message percent-encoded
 * @param details base64
 */
record WireStatus(int code, String message, String details) {
    static final String STATUS = "grpc-status";
    static final String DETAILS = "grpc-status-details-bin";
    private static final String MESSAGE = "grpc-message";

    /** The status that tells of a failure, with a code of its own. */
    static WireStatus of(io.grpc.Status.Code code, Failure failure) {
        StatusRuntimeException usual = GrpcErrors.status(failure);
        Status status =
                Objects.requireNonNull(StatusProto.fromThrowable(usual)).toBuilder()
                        .setCode(code.value())
                        .build();
        return new WireStatus(
                code.value(),
                URLEncoder.encode(status.getMessage(), StandardCharsets.UTF_8).replace("+", "%20"),
                Base64.getEncoder().encodeToString(status.toByteArray()));
    }

    /** Ends a call with it, of which nothing was answered. */
    void end(HttpServerResponse response) {
        MultiMap headers = response.headers();
        headers.set("content-type", "application/grpc").set(STATUS, Integer.toString(code));
        addTo(headers);
        var _ = response.end();
    }

    /** Adds what is said beside the code. */
    void addTo(MultiMap trailers) {
        trailers.set(MESSAGE, message).set(DETAILS, details);
    }

    /** Takes it away again. */
    static void removeFrom(MultiMap trailers) {
        trailers.remove(MESSAGE).remove(DETAILS);
    }
}
