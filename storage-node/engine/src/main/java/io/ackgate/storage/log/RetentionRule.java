package io.ackgate.storage.log;

import java.util.List;

/**
 * What retention may take of a log now.
 *
 * @param highWatermark which it never passes
 * @param retentionMillis age past which a segment goes, milliseconds; -1 keeps for ever
 * @param retentionBytes size past which the oldest segments go, bytes; -1 is no limit
 * @param nowMillis up to which age is counted
 */
public record RetentionRule(
        long highWatermark, long retentionMillis, long retentionBytes, long nowMillis) {
    /**
     * The end of the oldest segments that are below the high watermark and too old or too many, and
     * whose producers a durable snapshot remembers: any that no cut can remove, since cuts stay
     * above the high watermark.
     */
    long startOf(List<Segment> segments, long logStart, ProducerState producers) {
        long start = logStart;
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        for (int i = 0; i + 1 < segments.size(); i++) {
            Segment segment = segments.get(i);
            long end = segments.get(i + 1).baseOffset();
            boolean old = segment.age().olderThan(retentionMillis, nowMillis);
            boolean much = retentionBytes >= 0 && bytes - segment.bytes() >= retentionBytes;
            boolean remembered = producers.durableBetween(end, highWatermark);
            if (end > highWatermark || !(old || much) || !remembered) {
                return start;
            }
            start = end;
            bytes -= segment.bytes();
        }
        return start;
    }

    /** Whether the growing segment is so old that only its being the last one keeps it. */
    boolean wouldTake(Segment last, long logEnd) {
        return last.bytes() > 0
                && highWatermark >= logEnd
                && last.age().olderThan(retentionMillis, nowMillis);
    }
}
