package io.ackgate.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.topic.TopicSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A topic to be created. */
@Schema(description = "A topic to be created")
record NewTopic(
        @Schema(
                        required = true,
                        description = "1 to 249 of the characters a-z A-Z 0-9 . _ -",
                        examples = "earthquakes")
                @Nullable String name,
        @Schema(description = "What is set for the cluster by default, 1 else", examples = "6")
                @Nullable Integer partitions,
        @Schema(description = "Likewise, 3 else", examples = "3")
                @Nullable Integer replicationFactor,
        @Schema(
                        type = SchemaType.OBJECT,
                        description = "By Kafka's names; what is left out has its default",
                        examples =
                                "{\"min.insync.replicas\": 2, \"ackgate.durability\": \"fsync\"}")
                @Nullable Map<String, JsonNode> settings) {

    TopicSpec toSpec() {
        if (name == null) {
            throw Failure.refused(ErrorCode.INVALID_REQUEST, "name", "name is not given")
                    .asException();
        }
        return new TopicSpec(
                name,
                partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions),
                replicationFactor == null ? OptionalInt.empty() : OptionalInt.of(replicationFactor),
                texts(settings == null ? Map.of() : settings));
    }

    private static Map<String, String> texts(Map<String, JsonNode> settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((name, value) -> texts.put(name, text(name, value)));
        return texts;
    }

    /** A setting as text: numbers, true and false may be given as such. */
    static String text(String name, JsonNode value) {
        if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
            throw Failure.refused(
                            ErrorCode.INVALID_CONFIG,
                            "settings." + name,
                            "%s was given as %s: a text, a number, true or false is taken"
                                    .formatted(name, value))
                    .asException();
        }
        return value.asText();
    }
}
