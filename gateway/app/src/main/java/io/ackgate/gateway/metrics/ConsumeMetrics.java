package io.ackgate.gateway.metrics;

import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.topic.Topic;
import jakarta.inject.Singleton;

/** How much is read. */
@Singleton
class ConsumeMetrics implements ConsumeMeter {
    private final TopicSeries topics;
    private final FencedMetrics fenced;

    ConsumeMetrics(TopicSeries topics, FencedMetrics fenced) {
        this.topics = topics;
        this.fenced = fenced;
    }

    @Override
    public void given(Topic topic, int records, long bytes) {
        topics.of(topic).given(records, bytes);
    }

    @Override
    public void commitRefused(ErrorCode code) {
        fenced.refused(code);
    }
}
