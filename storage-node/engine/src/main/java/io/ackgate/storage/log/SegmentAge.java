package io.ackgate.storage.log;

import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;

/**
 * How old a segment is, by the rule of Kafka: by the greatest timestamp of its records.
 *
 * <p>Timestamps are the clients'. One that is missing, or later than this node appended the batch,
 * says nothing: the time of the append counts instead, so that no clock of a client keeps a segment
 * for ever. A cut may leave the greatest timestamp too great, which keeps the segment too long
 * rather than not long enough.
 */
final class SegmentAge {
    private long firstAppendMillis;
    private long lastAppendMillis;

    /** No record has a greater timestamp; negative if none has any. */
    private long greatestTimestamp;

    private SegmentAge(long firstAppendMillis, long lastAppendMillis, long greatestTimestamp) {
        this.firstAppendMillis = firstAppendMillis;
        this.lastAppendMillis = lastAppendMillis;
        this.greatestTimestamp = greatestTimestamp;
    }

    /** Of a segment that is begun now. */
    static SegmentAge begun(long nowMillis) {
        return new SegmentAge(nowMillis, nowMillis, Long.MIN_VALUE);
    }

    /** As a checkpoint has it. */
    static SegmentAge of(SegmentEntry entry) {
        return new SegmentAge(
                entry.firstAppendMillis(), entry.lastAppendMillis(), entry.greatestTimestamp());
    }

    SegmentEntry entry(long baseOffset, int bytes) {
        return new SegmentEntry(
                baseOffset, bytes, firstAppendMillis, lastAppendMillis, greatestTimestamp);
    }

    /**
     * A batch was appended.
     *
     * @param first whether the segment was empty
     */
    void appended(boolean first, long timestamp, long nowMillis) {
        if (first) {
            firstAppendMillis = nowMillis;
            greatestTimestamp = timestamp;
        }
        lastAppendMillis = Math.max(lastAppendMillis, nowMillis);
        greatestTimestamp = Math.max(greatestTimestamp, timestamp);
    }

    /** Whether all records are older than {@code ageMillis}; nothing is older than -1. */
    boolean olderThan(long ageMillis, long nowMillis) {
        long youngest =
                greatestTimestamp < 0
                        ? lastAppendMillis
                        : Math.min(greatestTimestamp, lastAppendMillis);
        return ageMillis >= 0 && nowMillis - youngest > ageMillis;
    }

    /** Whether a record may be as young as a timestamp. */
    boolean mayHave(long timestampMillis) {
        return greatestTimestamp >= timestampMillis;
    }

    /** Whether the first batch was appended longer ago than {@code ageMillis}. */
    boolean begunBefore(long ageMillis, long nowMillis) {
        return nowMillis - firstAppendMillis > ageMillis;
    }
}
