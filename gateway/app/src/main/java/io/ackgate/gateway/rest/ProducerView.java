package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.ProducerAdmin.KnownProducer;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An idempotent producer as one partition remembers it. */
@Schema(name = "Producer")
record ProducerView(
        @Schema(examples = "7") long producerId,
        @Schema(examples = "0") int producerEpoch,
        @Schema(examples = "0") int partition,
        @Schema(description = "Sequence of its last record", examples = "1706") int lastSequence,
        @Schema(description = "Offset of its last record", examples = "1706") long lastOffset,
        @Schema(
                        description =
                                "Milliseconds since its last batch was appended; it is forgotten"
                                        + " when this passes producer.id.expiration.ms",
                        examples = "1200")
                long ageMs,
        @Schema(description = "Its last batches in this epoch, oldest first, 5 at most")
                List<BatchView> batches) {

    /** A batch that a retry would be recognised by. */
    @Schema(name = "ProducerBatch")
    record BatchView(int firstSequence, int lastSequence, long baseOffset) {}

    static ProducerView of(KnownProducer producer) {
        ProducerEntry entry = producer.entry();
        return new ProducerView(
                entry.producerId(),
                entry.producerEpoch(),
                producer.partition(),
                entry.last().lastSequence(),
                entry.last().endOffset() - 1,
                producer.ageMillis(),
                entry.batches().stream()
                        .map(
                                batch ->
                                        new BatchView(
                                                batch.firstSequence(),
                                                batch.lastSequence(),
                                                batch.baseOffset()))
                        .toList());
    }
}
