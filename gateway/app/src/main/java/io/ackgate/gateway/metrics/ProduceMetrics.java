package io.ackgate.gateway.metrics;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.produce.Opening;
import io.ackgate.gateway.produce.ProduceMeter;
import io.ackgate.gateway.topic.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/** How much is produced, how long acknowledgements take, and what goes wrong. */
@Singleton
class ProduceMetrics implements ProduceMeter {
    private final TopicSeries topics;
    private final FencedMetrics fenced;
    private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);

    ProduceMetrics(
            MeterRegistry registry, TopicSeries topics, FencedMetrics fenced, Opening opening) {
        this.topics = topics;
        this.fenced = fenced;
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
    public void acknowledged(Topic topic, Acks acks, int records, int bytes, long nanos) {
        topics.of(topic).acknowledged(acks, records, bytes, nanos);
    }

    @Override
    public void failed(ErrorCode code) {
        fenced.refused(code);
        Counter counter = errors.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
