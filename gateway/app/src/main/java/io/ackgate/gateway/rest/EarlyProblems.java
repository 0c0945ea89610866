package io.ackgate.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.gateway.failure.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers requests with a problem that no resource is to see. On the request's event loop. */
@Singleton
public class EarlyProblems {
    private static final String RETRY_AFTER = "Retry-After";

    private final ObjectMapper json;

    EarlyProblems(ObjectMapper json) {
        this.json = json;
    }

    /** Answers with what went wrong. */
    public void send(RoutingContext call, Failure failure) {
        if (failure.code().retriable()) {
            call.response().putHeader(RETRY_AFTER, Problems.retryAfterSeconds(failure));
        }
        send(call, Problem.of(failure, call.normalizedPath()));
    }

    /** Answers with what HTTP itself has a word for. */
    public void send(RoutingContext call, int status, String title, String detail) {
        send(call, Problem.ofHttp(status, title, detail, call.normalizedPath()));
    }

    private void send(RoutingContext call, Problem problem) {
        try {
            call.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            call.fail(e);
        }
    }
}
