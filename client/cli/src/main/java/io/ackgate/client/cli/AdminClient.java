package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ackgate.client.Endpoint;
import io.ackgate.client.RequestException;
import io.ackgate.client.Tls;
import io.ackgate.client.wire.TlsContexts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The REST side of a gateway: JSON in, JSON out, problems as exceptions. */
final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Questions are answered at once; what changes something may take its time. */
    private static final Duration GET_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(30);

    /** Greatest answer that is taken: some 100,000 partitions are described in less. */
    static final int MAX_ANSWER_BYTES = 64 << 20;

    private static final int FIRST_ERROR_STATUS = 400;

    /**
     * One or more; the next is asked when one cannot be connected to, or does not answer a question
     * in time.
     */
    private final List<Endpoint> endpoints;

    private final String scheme;
    private final HttpClient http;
    private final Duration getTimeout;
    private final Duration changeTimeout;

    /**
     * The REST side of these gateways.
     *
     * @param tls null for clear text
     */
    AdminClient(List<Endpoint> endpoints, @Nullable Tls tls) {
        this(endpoints, tls, GET_TIMEOUT, CHANGE_TIMEOUT);
    }

    /**
     * The same.
     *
     * @param getTimeout for one gateway to answer a question
     * @param changeTimeout for it to answer what changes something
     */
    AdminClient(
            List<Endpoint> endpoints,
            @Nullable Tls tls,
            Duration getTimeout,
            Duration changeTimeout) {
        this.endpoints = List.copyOf(endpoints);
        this.getTimeout = getTimeout;
        this.changeTimeout = changeTimeout;
        this.scheme = tls == null ? "http" : "https";
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT);
        if (tls != null) {
            builder.sslContext(TlsContexts.http(tls));
        }
        this.http = builder.build();
    }

    /** The path of a topic, whatever characters its name has. */
    static String topic(String name) {
        return "/topics/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return call("GET", path, BodyPublishers.noBody());
    }

    JsonNode post(String path, JsonNode body) {
        return call("POST", path, BodyPublishers.ofString(body.toString()));
    }

    JsonNode patch(String path, JsonNode body) {
        return call("PATCH", path, BodyPublishers.ofString(body.toString()));
    }

    JsonNode delete(String path) {
        return call("DELETE", path, BodyPublishers.noBody());
    }

    private JsonNode call(String method, String path, BodyPublisher body) {
        HttpResponse<String> answer = null;
        for (Endpoint endpoint : endpoints) {
            answer = answer(endpoint, method, path, body);
            if (answer != null) {
                break;
            }
        }
        if (answer == null) {
            throw new RequestException(
                    "NETWORK_EXCEPTION",
                    true,
                    "no gateway answers at %s; is it running?"
                            .formatted(
                                    endpoints.stream()
                                            .map(Endpoint::toString)
                                            .collect(Collectors.joining(" or "))));
        }
        JsonNode json = read(answer);
        if (answer.statusCode() >= FIRST_ERROR_STATUS) {
            throw problem(answer.statusCode(), json, method + " " + path);
        }
        return json;
    }

    /**
     * Null if another gateway may be asked: there is none to connect to, so that nothing was asked,
     * or a question was not answered, which changes nothing.
     */
    private @Nullable HttpResponse<String> answer(
            Endpoint endpoint, String method, String path, BodyPublisher body) {
        boolean changes = !method.equals("GET");
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("%s://%s/admin/v1%s".formatted(scheme, endpoint, path)))
                        .timeout(changes ? changeTimeout : getTimeout)
                        .header("Accept", "application/json, application/problem+json")
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build();
        try {
            return http.send(
                    request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER_BYTES));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return null;
        } catch (HttpTimeoutException e) {
            if (!changes) {
                return null;
            }
            throw new RequestException(
                    "NETWORK_EXCEPTION",
                    true,
                    "the gateway at %s has not answered within %d s; what was asked for may have been done"
                            .formatted(endpoint, changeTimeout.toSeconds()));
        } catch (IOException e) {
            throw new RequestException(
                    "NETWORK_EXCEPTION", true, "the gateway at %s: %s".formatted(endpoint, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException("NETWORK_EXCEPTION", true, "interrupted");
        }
    }

    private static JsonNode read(HttpResponse<String> answer) {
        if (answer.body().isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static RequestException problem(int status, JsonNode problem, String what) {
        String code = problem.path("code").asText("UNKNOWN_SERVER_ERROR");
        String detail = problem.path("detail").asText("");
        if (detail.isEmpty()) {
            detail = "%s was answered with HTTP status %d".formatted(what, status);
        }
        String prefix = code + ": ";
        return new RequestException(
                code,
                problem.path("retriable").asBoolean(false),
                detail.startsWith(prefix) ? detail.substring(prefix.length()) : detail);
    }
}
