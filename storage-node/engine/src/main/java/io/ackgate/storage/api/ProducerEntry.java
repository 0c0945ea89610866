package io.ackgate.storage.api;

import java.util.List;

/**
 * What the log tells of one idempotent producer.
 *
 * @param producerId 0 or more
 * @param producerEpoch the greatest seen
 * @param lastTimestampMillis greatest timestamp of its last batch; silence is counted from it
 * @param batches its last batches in that epoch, oldest first, 1 to 5
 */
public record ProducerEntry(
        long producerId, short producerEpoch, long lastTimestampMillis, List<Batch> batches) {

    /** Batches that are remembered per producer, as in Kafka. */
    public static final int WINDOW = 5;

    public ProducerEntry {
        batches = List.copyOf(batches);
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
     */
    public record Batch(int firstSequence, int lastSequence, long baseOffset, int recordCount) {
        /** The offset after the batch. */
        public long endOffset() {
            return baseOffset + recordCount;
        }
    }
}
