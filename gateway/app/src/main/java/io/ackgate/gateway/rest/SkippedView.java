package io.ackgate.gateway.rest;

import io.ackgate.gateway.consume.SkippedRange;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Offsets of a stored batch that cannot be read as records. */
@Schema(name = "Skipped")
record SkippedView(
        @Schema(description = "The first offset that was not given", examples = "17") long offset,
        @Schema(description = "The first offset behind the batch", examples = "20") long nextOffset,
        @Schema(description = "Why it cannot be read") String reason) {

    static @Nullable List<SkippedView> of(List<SkippedRange> skipped) {
        return skipped.isEmpty()
                ? null
                : skipped.stream()
                        .map(one -> new SkippedView(one.offset(), one.nextOffset(), one.reason()))
                        .toList();
    }
}
