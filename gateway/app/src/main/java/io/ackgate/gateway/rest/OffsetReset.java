package io.ackgate.gateway.rest;

import io.ackgate.gateway.consume.GroupResets.Target;
import io.ackgate.gateway.failure.RequestChecks;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a group is to go on in a topic. */
@Schema(
        name = "OffsetReset",
        description = "Where a group is to go on: to, offset or timestampMs, one of them")
record OffsetReset(
        @Schema(examples = "orders") @Nullable String topic,
        @Schema(description = "By default all of the topic", examples = "[0, 1]")
                @Nullable List<Integer> partitions,
        @Schema(description = "earliest or latest", examples = "earliest") @Nullable String to,
        @Schema(description = "0 to the high watermark", examples = "1700") @Nullable Long offset,
        @Schema(
                        description =
                                "The first record of that time or later, milliseconds since 1970;"
                                        + " the end where there is none",
                        examples = "1764273600000")
                @Nullable Long timestampMs) {

    String requiredTopic() {
        return Objects.requireNonNullElse(topic, "");
    }

    List<Integer> namedPartitions() {
        List<Integer> named = partitions;
        if (named == null) {
            return List.of();
        }
        if (named.isEmpty() || named.stream().anyMatch(Objects::isNull)) {
            throw RequestChecks.invalid(
                    "partitions",
                    "partitions was given as %s: name at least one, or leave it out for all"
                            .formatted(named));
        }
        return named;
    }

    Target target() {
        if (Stream.of(to, offset, timestampMs).filter(Objects::nonNull).count() != 1) {
            throw RequestChecks.invalid(
                    "to", "give one of to (earliest or latest), offset and timestampMs");
        }
        if (offset != null) {
            return new Target.Offset(notNegative("offset", offset));
        }
        if (timestampMs != null) {
            return new Target.Timestamp(notNegative("timestampMs", timestampMs));
        }
        return switch (String.valueOf(to).toLowerCase(Locale.ROOT)) {
            case "earliest" -> new Target.Earliest();
            case "latest" -> new Target.Latest();
            default ->
                    throw RequestChecks.invalid(
                            "to", "to was given as '%s': give earliest or latest".formatted(to));
        };
    }

    private static long notNegative(String field, long given) {
        if (given < 0) {
            throw RequestChecks.invalid(
                    field, "%s was given as %d: give 0 or more".formatted(field, given));
        }
        return given;
    }
}
