package io.ackgate.gateway.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What one caller may take of the port, for gRPC and REST alike. */
public interface HttpConfig {
    /**
     * How often an HTTP/2 connection with open calls is asked for a sign of life; 100ms to 10m. One
     * that gives none until the next is closed. Must be less than quarkus.http.idle-timeout.
     */
    @WithDefault("60s")
    Duration keepaliveInterval();

    /**
     * How long a request may take to arrive in full, streams of requests excepted; 100ms to 1h. It
     * is answered with 408, or its stream is reset.
     */
    @WithDefault("60s")
    Duration requestTimeout();

    /**
     * Requests, subscriptions and long polls that one address may have open; beyond them it is
     * refused. Health and metrics do not count. 10 to 10000000.
     */
    @WithDefault("50000")
    int maxOpenRequestsPerAddress();

    /**
     * Bodies of REST requests that may be here at a time, over all of them, bytes; 1 MiB or more.
     * Above it requests are refused. By default an eighth of the heap, and 32 MiB at the least.
     */
    Optional<MemorySize> bodyMemory();
}
