package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Records of one partition. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "RecordPage")
record RecordPage(
        @Schema(examples = "0") int partition,
        List<RecordView> records,
        @Schema(description = "Stepped over with skipUnreadable; left out where nothing was")
                @Nullable List<SkippedView> skipped,
        @Schema(description = "Where to go on", examples = "43") long nextOffset,
        @Schema(
                        description =
                                "First offset that cannot be read yet; left out while a new owner"
                                        + " of the partition does not know it",
                        examples = "1707")
                @Nullable Long highWatermark,
        @Schema(description = "Oldest offset still kept", examples = "0") long logStartOffset) {}
