package io.ackgate.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.FailureException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Every error of the admin API becomes a problem here, HTTP's own included. */
class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final int MILLIS_PER_SECOND = 1_000;

    @ServerExceptionMapper
    Response failure(FailureException thrown, UriInfo uri) {
        return response(thrown.failure(), uri);
    }

    @ServerExceptionMapper
    Response json(JsonProcessingException thrown, UriInfo uri) {
        return response(unreadable(thrown), uri);
    }

    /** Named apart, because Quarkus has a mapper of its own for it. */
    @ServerExceptionMapper
    Response mismatch(MismatchedInputException thrown, UriInfo uri) {
        return response(unreadable(thrown), uri);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException thrown, UriInfo uri) {
        JsonProcessingException json = jsonCause(thrown);
        if (json != null) {
            return response(unreadable(json), uri);
        }
        Response.StatusType status = thrown.getResponse().getStatusInfo();
        String detail = thrown.getMessage();
        Response.ResponseBuilder response =
                problem(
                        Problem.ofHttp(
                                status.getStatusCode(),
                                status.getReasonPhrase(),
                                detail == null ? status.getReasonPhrase() : detail,
                                uri.getPath()));
        String allow = thrown.getResponse().getHeaderString(HttpHeaders.ALLOW);
        return allow == null ? response.build() : response.header(HttpHeaders.ALLOW, allow).build();
    }

    @ServerExceptionMapper
    Response unforeseen(RuntimeException thrown, UriInfo uri) {
        // As it was sent: with its escapes, so that it holds no line break.
        LOG.errorf(thrown, "%s failed on something unforeseen", uri.getRequestUri().getRawPath());
        return response(
                Failure.refused(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "",
                        "the gateway met something unforeseen ("
                                + thrown.getClass().getSimpleName()
                                + ")"),
                uri);
    }

    private static Response response(Failure failure, UriInfo uri) {
        Response.ResponseBuilder response = problem(Problem.of(failure, uri.getPath()));
        if (failure.code().retriable()) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfterSeconds(failure));
        }
        return response.build();
    }

    /** What Retry-After says of a failure that can be retried. */
    static String retryAfterSeconds(Failure failure) {
        return Integer.toString(
                Math.ceilDiv(Math.max(1, failure.code().retryDelayMillis()), MILLIS_PER_SECOND));
    }

    private static Response.ResponseBuilder problem(Problem problem) {
        return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    }

    private static @Nullable JsonProcessingException jsonCause(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException json) {
                return json;
            }
        }
        return null;
    }

    private static Failure unreadable(JsonProcessingException thrown) {
        String field =
                thrown instanceof JsonMappingException mapping
                        ? mapping.getPath().stream()
                                .map(
                                        part ->
                                                part.getFieldName() == null
                                                        ? "[" + part.getIndex() + "]"
                                                        : part.getFieldName())
                                .collect(Collectors.joining("."))
                        : "";
        String detail =
                thrown instanceof UnrecognizedPropertyException unknown
                        ? "there is no field '%s'; there are %s"
                                .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds())
                        : "the body is not the JSON that is asked for: "
                                + thrown.getOriginalMessage();
        return Failure.refused(ErrorCode.INVALID_REQUEST, field, detail);
    }
}
