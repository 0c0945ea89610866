package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.failure.Failure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An RFC 9457 problem. */
@RegisterForReflection // Leaves in a Response, where the native build does not see it.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An error, as RFC 9457 has it")
record Problem(
        @Schema(
                        description =
                                "Where this gateway explains the error; about:blank for what HTTP"
                                        + " itself says",
                        examples = "/errors/NOT_ENOUGH_REPLICAS")
                String type,
        @Schema(examples = "NOT_ENOUGH_REPLICAS") String title,
        @Schema(description = "The HTTP status", examples = "503") int status,
        @Schema(description = "What happened, with the numbers, and what to do") String detail,
        @Schema(description = "The path that was asked for") String instance,
        @Schema(description = "Kafka's name of the error", examples = "NOT_ENOUGH_REPLICAS")
                @Nullable String code,
        @Schema(description = "Whether the very same request may succeed later")
                @Nullable Boolean retriable,
        @Schema(
                        description =
                                "Whether the records are in the log: NOT_WRITTEN or"
                                        + " MAY_HAVE_BEEN_WRITTEN",
                        examples = "NOT_WRITTEN")
                @Nullable String writeStatus,
        @Schema(description = "The field at fault", examples = "partitions") @Nullable String field,
        @Schema(description = "Milliseconds to wait before a retry", examples = "100")
                @Nullable Integer retryDelayMs) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(Failure failure, String instance) {
        boolean retriable = failure.code().retriable();
        return new Problem(
                ErrorsResource.PATH + failure.code().name(),
                failure.code().name(),
                failure.code().http(),
                failure.detail(),
                instance,
                failure.code().name(),
                retriable,
                failure.writeStatus() == null ? null : failure.writeStatus().name(),
                failure.field().isEmpty() ? null : failure.field(),
                retriable ? failure.code().retryDelayMillis() : null);
    }

    /** What HTTP itself has a word for: no such path, no such method, not JSON. */
    static Problem ofHttp(int status, String title, String detail, String instance) {
        return new Problem(
                "about:blank", title, status, detail, instance, null, null, null, null, null);
    }
}
