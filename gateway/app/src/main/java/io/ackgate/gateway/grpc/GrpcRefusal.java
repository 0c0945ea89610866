package io.ackgate.gateway.grpc;

import io.ackgate.gateway.failure.Failure;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** Ends gRPC calls that no service is to see. On the call's event loop. */
public final class GrpcRefusal {
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int OK = 200;

    private GrpcRefusal() {}

    /** Whether a request is a gRPC call. */
    public static boolean isCall(RoutingContext http) {
        String type = http.request().getHeader("content-type");
        return type != null && type.startsWith(CONTENT_TYPE);
    }

    /** Answers with a status and its details, and nothing else. */
    public static void send(RoutingContext http, Failure failure) {
        StatusRuntimeException status = GrpcErrors.status(failure);
        HttpServerResponse response =
                http.response()
                        .setStatusCode(OK)
                        .putHeader("content-type", CONTENT_TYPE)
                        .putHeader(
                                "grpc-status",
                                Integer.toString(status.getStatus().getCode().value()))
                        .putHeader(
                                "grpc-message",
                                percentEncoded(
                                        Objects.requireNonNullElse(
                                                status.getStatus().getDescription(), "")));
        Metadata trailers = Objects.requireNonNull(status.getTrailers());
        for (String key : trailers.keys()) {
            if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                byte[] value =
                        Objects.requireNonNull(
                                trailers.get(
                                        Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER)));
                response.putHeader(key, Base64.getEncoder().withoutPadding().encodeToString(value));
            }
        }
        response.end();
    }

    /** As gRPC over HTTP/2 has it: printable ASCII but the percent sign stays. */
    static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append("%%%02X".formatted(each));
            }
        }
        return encoded.toString();
    }
}
