package io.ackgate.gateway.processes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a process says of itself at {@code /q/metrics}. */
final class GatewayMetrics implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI page;

    GatewayMetrics(int port) {
        page = URI.create("http://127.0.0.1:%d/q/metrics".formatted(port));
    }

    /** The sum of all series whose name and labels begin so. */
    double sum(String beginning) {
        try {
            return http.send(
                            HttpRequest.newBuilder(page).timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the metrics cannot be read", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
