package io.ackgate.record;

/**
 * Arithmetic on the sequence numbers of an idempotent producer, as in Kafka: they count the records
 * that one producer epoch has written to one partition, from 0 to 2^31 - 1, and go on with 0 after
 * that (KAFKA-7692).
 */
public final class Sequence {
    private Sequence() {}

    /**
     * The sequence that comes {@code increment} records after {@code sequence}.
     *
     * @param sequence 0 to 2^31 - 1
     * @param increment records to go on by, 0 to 2^31 - 1
     * @return 0 to 2^31 - 1
     * @throws IllegalArgumentException if either is negative
     */
    public static int incrementSequence(int sequence, int increment) {
        requireBounds(sequence, increment);
        // There are 2^31 sequences, so that dropping the sign bit of the sum is the wrap.
        return (sequence + increment) & Integer.MAX_VALUE;
    }

    /**
     * The sequence of the last record of a batch.
     *
     * @param baseSequence sequence of its first record, 0 to 2^31 - 1
     * @param recordCount how many records it has, at least 1
     * @return 0 to 2^31 - 1, smaller than {@code baseSequence} when the batch spans the wrap
     * @throws IllegalArgumentException if {@code baseSequence} is negative or {@code recordCount}
     *     below 1
     */
    public static int lastSequence(int baseSequence, int recordCount) {
        if (recordCount < 1) {
            throw new IllegalArgumentException("recordCount " + recordCount + " is below 1");
        }
        return incrementSequence(baseSequence, recordCount - 1);
    }

    private static void requireBounds(int sequence, int distance) {
        if (sequence < 0 || distance < 0) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " and distance " + distance + " must be 0 or more");
        }
    }
}
