package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ackgate.client.Endpoint;
import io.ackgate.client.RequestException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The REST side of a gateway: JSON in, JSON out, problems as exceptions. */
final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int FIRST_ERROR_STATUS = 400;

    private final Endpoint endpoint;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();

    AdminClient(Endpoint endpoint) {
        this.endpoint = endpoint;
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
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + endpoint + "/admin/v1" + path))
                        .timeout(TIMEOUT)
                        .header("Accept", "application/json, application/problem+json")
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build();
        HttpResponse<String> answer;
        try {
            answer = http.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new RequestException(
                    "NETWORK_EXCEPTION",
                    true,
                    "no gateway answers at %s; is it running? ./mvnw -q -Dstart starts one"
                            .formatted(endpoint));
        } catch (IOException e) {
            throw new RequestException(
                    "NETWORK_EXCEPTION", true, "the gateway at %s: %s".formatted(endpoint, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException("NETWORK_EXCEPTION", true, "interrupted");
        }
        JsonNode json = read(answer);
        if (answer.statusCode() >= FIRST_ERROR_STATUS) {
            throw problem(answer.statusCode(), json, method + " " + path);
        }
        return json;
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
