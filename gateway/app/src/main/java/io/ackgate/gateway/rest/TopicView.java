package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.topic.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A topic, with its partitions where one topic was asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Topic")
record TopicView(
        @Schema(examples = "earthquakes") String name,
        @Schema(description = "Unique for ever, also when the name is used again") String id,
        @Schema(examples = "6") int partitionCount,
        @Schema(examples = "3") int replicationFactor,
        @Schema(
                        description = "Settings in effect, by Kafka's names",
                        examples = "{\"min.insync.replicas\": \"2\"}")
                Map<String, String> settings,
        @Schema(description = "Those of the settings that were given") List<String> overridden,
        Instant created,
        @Schema(description = "Only when one topic is described")
                @Nullable List<PartitionView> partitions) {

    static TopicView of(Topic topic) {
        return of(topic, null);
    }

    static TopicView of(Topic topic, @Nullable List<PartitionView> partitions) {
        return new TopicView(
                topic.name(),
                topic.id().toString(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.settings().asText(),
                topic.overrides().keySet().stream().sorted().toList(),
                Instant.ofEpochMilli(topic.createdMillis()),
                partitions);
    }
}
