package io.ackgate.gateway.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Records of one partition. */
@Schema(name = "RecordPage")
record RecordPage(
        @Schema(examples = "0") int partition,
        List<RecordView> records,
        @Schema(description = "Where to go on", examples = "43") long nextOffset,
        @Schema(description = "First offset that cannot be read yet", examples = "1707")
                long highWatermark,
        @Schema(description = "Oldest offset still kept", examples = "0") long logStartOffset) {}
