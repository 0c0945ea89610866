package io.ackgate.gateway.metrics;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.produce.Opening;
import io.ackgate.gateway.produce.ProduceMeter;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.TopicId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long acknowledgements take, and what goes wrong. */
@Singleton
class ProduceMetrics implements ProduceMeter {
    /** Topics beyond this share one series. */
    private static final int MAX_TOPICS = 200;

    private static final String OTHER_TOPICS = "other";

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

    private final MeterRegistry registry;
    private final Map<TopicId, Map<Acks, Timer>> timers = new ConcurrentHashMap<>();
    private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);

    ProduceMetrics(MeterRegistry registry, Opening opening) {
        this.registry = registry;
        Gauge.builder("ackgate.produce.waiting.bytes", opening, Opening::waitingBytes)
                .description("Bytes of requests that wait until a compressed batch is opened")
                .register(registry);
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(
                    code,
                    Counter.builder("ackgate.produce.errors")
                            .description("Batches answered with an error")
                            .tag("error", code.name())
                            .register(registry));
        }
    }

    @Override
    public void acknowledged(Topic topic, Acks acks, long nanos) {
        Map<Acks, Timer> ofTopic = timers.get(topic.id());
        if (ofTopic == null) {
            ofTopic = timersOf(topic);
        }
        Timer timer = ofTopic.get(acks);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void failed(ErrorCode code) {
        Counter counter = errors.get(code);
        if (counter != null) {
            counter.increment();
        }
    }

    private Map<Acks, Timer> timersOf(Topic topic) {
        boolean room = timers.size() < MAX_TOPICS;
        String name = room ? topic.name() : OTHER_TOPICS;
        Map<Acks, Timer> made = new EnumMap<>(Acks.class);
        for (Acks acks : Acks.values()) {
            made.put(
                    acks,
                    Timer.builder("ackgate.produce")
                            .description("From a request's arrival to its acknowledgement")
                            .tag("acks", acks.text())
                            .tag("topic", name)
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        if (room) {
            timers.put(topic.id(), made);
        }
        return made;
    }
}
