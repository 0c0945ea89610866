package io.ackgate.gateway.grpc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many streaming calls are open, by method. */
@Singleton
class OpenStreams {
    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    OpenStreams(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The count of a method of ours: their names are few. */
    AtomicInteger of(String method) {
        return counts.computeIfAbsent(method, this::register);
    }

    private AtomicInteger register(String method) {
        AtomicInteger count = new AtomicInteger();
        Gauge.builder("ackgate.open.streams", count, AtomicInteger::get)
                .description("Streaming calls that are open")
                .tag("method", method)
                .register(registry);
        return count;
    }
}
