package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.produce.Receipt;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What was written where, and who holds it. */
@RegisterForReflection // Leaves in a list of two kinds, where the native build does not see it.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Receipt")
record ReceiptView(
        @Schema(examples = "earthquakes") String topic,
        @Schema(examples = "3") int partition,
        @Schema(description = "Offset of the first record; not with acks=0", examples = "42")
                @Nullable Long baseOffset,
        @Schema(examples = "1") int recordCount,
        @Schema(examples = "3") int leaderEpoch,
        long appendTimeMs,
        @Schema(description = "Nodes known to hold it durably", examples = "[1, 2, 3]")
                List<Integer> replicas,
        @Schema(examples = "3") int isrSize,
        @Schema(description = "Which records these are, from 0; only when keys split them")
                @Nullable List<Integer> recordIndexes) {

    static ReceiptView of(Receipt receipt) {
        return new ReceiptView(
                receipt.topic(),
                receipt.partition(),
                receipt.baseOffset() == Receipt.NO_OFFSET ? null : receipt.baseOffset(),
                receipt.recordCount(),
                receipt.leaderEpoch(),
                receipt.appendMillis(),
                receipt.replicas(),
                receipt.isrSize(),
                receipt.recordIndexes().isEmpty() ? null : receipt.recordIndexes());
    }
}
