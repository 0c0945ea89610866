package io.ackgate.gateway.produce;

import java.util.List;

/**
 * That records are written, and where.
 *
 * @param baseOffset offset of the first record; -1 with acks=0, and for a retry of a batch that is
 *     too old for its offset to be known
 * @param recordCount 1 or more
 * @param leaderEpoch epoch of the owner that answers; 0 with acks=0
 * @param appendMillis when the request was taken, milliseconds since 1970
 * @param replicas nodes known to hold the records durably, ascending
 * @param isrSize members of the ISR; 0 with acks=0
 * @param duplicate whether the records were in the log already: a retry
 * @param recordIndexes which records of the request they are; empty when they are all of them
 */
public record Receipt(
        String topic,
        int partition,
        long baseOffset,
        int recordCount,
        int leaderEpoch,
        long appendMillis,
        List<Integer> replicas,
        int isrSize,
        boolean duplicate,
        List<Integer> recordIndexes) {
    /** The offset of a receipt that knows none. */
    public static final long NO_OFFSET = -1;
}
