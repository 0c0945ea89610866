package io.ackgate.gateway.consume;

import io.ackgate.gateway.topic.Topic;
import java.util.List;

/**
 * A subscription as asked for, with its defaults filled in.
 *
 * @param start where each partition starts
 * @param allPartitions whether partitions that the topic gets later are read too
 * @param autoOffsetReset where to start without a committed offset, and to go on after retention
 * @param maxBytes of one answer, about
 * @param skipUnreadable whether to step over stored batches that cannot be read as records
 */
public record SubscriptionPlan(
        Topic topic,
        List<Integer> partitions,
        boolean allPartitions,
        Start start,
        OffsetReset autoOffsetReset,
        RecordFormat format,
        int maxBytes,
        boolean stopAtEnd,
        boolean skipUnreadable) {

    /** Where a partition starts. */
    public sealed interface Start {
        /** The first record that is there. */
        record Earliest() implements Start {}

        /** The next record to be committed. */
        record Latest() implements Start {}

        /** An offset, 0 or more. */
        record AtOffset(long offset) implements Start {}

        /** The first record of that time or later, in milliseconds since 1970. */
        record AtTimestamp(long millis) implements Start {}

        /** What a group has committed. */
        record AtCommitted(String group) implements Start {}
    }
}
