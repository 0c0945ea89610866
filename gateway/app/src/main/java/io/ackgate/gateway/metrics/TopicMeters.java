package io.ackgate.gateway.metrics;

import io.ackgate.gateway.partition.Acks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is counted of one topic, or of all that have no series of their own. Any thread. */
final class TopicMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final Map<Acks, Timer> timers = new EnumMap<>(Acks.class);
    private final Counter recordsIn;
    private final Counter bytesIn;
    private final Counter recordsOut;
    private final Counter bytesOut;

    /**
     * Registers them, or finds those that are registered under this name.
     *
     * @param topic value of the label
     */
    TopicMeters(MeterRegistry registry, String topic) {
        for (Acks acks : Acks.values()) {
            timers.put(
                    acks,
                    Timer.builder("ackgate.produce")
                            .description("From a request's arrival to its acknowledgement")
                            .tag("acks", acks.text())
                            .tag("topic", topic)
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        recordsIn =
                Counter.builder("ackgate.produce.records")
                        .description("Records that were acknowledged, retries included")
                        .tag("topic", topic)
                        .register(registry);
        bytesIn =
                Counter.builder("ackgate.produce.bytes")
                        .description("Bytes of the batches of those records, as they are stored")
                        .tag("topic", topic)
                        .register(registry);
        recordsOut =
                Counter.builder("ackgate.consume.records")
                        .description("Records that were given to readers, to each of them anew")
                        .tag("topic", topic)
                        .register(registry);
        bytesOut =
                Counter.builder("ackgate.consume.bytes")
                        .description("Bytes of those records, or of their batches, in the answers")
                        .tag("topic", topic)
                        .register(registry);
    }

    /** A batch was acknowledged so long after its request came in. */
    void acknowledged(Acks acks, int records, int bytes, long nanos) {
        @Nullable Timer timer = timers.get(acks);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
        recordsIn.increment(records);
        bytesIn.increment(bytes);
    }

    /** A reader was given an answer. */
    void given(int records, long bytes) {
        recordsOut.increment(records);
        bytesOut.increment((double) bytes);
    }

    /** All of them. */
    List<Meter> all() {
        return Stream.concat(
                        timers.values().stream(),
                        Stream.of(recordsIn, bytesIn, recordsOut, bytesOut))
                .toList();
    }
}
