package io.ackgate.storage.api;

import java.util.List;

/**
 * What the log tells of one idempotent producer.
 *
 * @param producerId 0 or more
 * @param producerEpoch the greatest seen, 0 or more
 * @param wrappedBefore whether the sequences of this epoch had gone on at 0 after the greatest one
 *     before the oldest of {@code batches}
 * @param lastAppendMillis when its last batch was appended, by the clock of the owner that did;
 *     milliseconds since 1970-01-01T00:00Z. Silence is counted from it.
 * @param batches its last batches in that epoch, oldest first, 1 to 5
 */
public record ProducerEntry(
        long producerId,
        short producerEpoch,
        boolean wrappedBefore,
        long lastAppendMillis,
        List<Batch> batches) {

    /** Batches that are remembered per producer, as in Kafka. */
    public static final int WINDOW = 5;

    public ProducerEntry {
        batches = List.copyOf(batches);
    }

    /** The oldest batch that is remembered. */
    public Batch oldest() {
        return batches.get(0);
    }

    /** The newest batch. */
    public Batch last() {
        return batches.get(batches.size() - 1);
    }

    /**
     * One batch in the log.
     *
     * @param firstSequence sequence of its first record
     * @param lastSequence sequence of its last record; lower than the first after a wrap
     * @param baseOffset offset of its first record
     * @param recordCount 1 or more
     * @param recordsCrc CRC-32C of its records as the producer gave them: of the bytes behind the
     *     header of the batch
     */
    public record Batch(
            int firstSequence, int lastSequence, long baseOffset, int recordCount, int recordsCrc) {
        /** The offset after the batch. */
        public long endOffset() {
            return baseOffset + recordCount;
        }
    }
}
