package io.ackgate.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.topic.TopicChange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is to change in a topic. */
@Schema(description = "What is to change; what is left out stays")
record TopicPatch(
        @Schema(description = "At least the present number", examples = "12")
                @Nullable Integer partitions,
        @Schema(
                        type = SchemaType.OBJECT,
                        description = "By Kafka's names; null goes back to the default",
                        examples = "{\"retention.ms\": 86400000, \"ackgate.min.acks\": null}")
                @Nullable Map<String, @Nullable JsonNode> settings) {

    TopicChange toChange() {
        if (partitions == null && (settings == null || settings.isEmpty())) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "",
                            "nothing is to change: give partitions or settings")
                    .asException();
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        if (settings != null) {
            settings.forEach(
                    (name, value) ->
                            changes.put(
                                    name,
                                    value == null || value.isNull()
                                            ? Optional.empty()
                                            : Optional.of(NewTopic.text(name, value))));
        }
        return new TopicChange(
                partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions), changes);
    }
}
