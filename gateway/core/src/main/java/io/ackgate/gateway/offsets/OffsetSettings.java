package io.ackgate.gateway.offsets;

import java.time.Duration;

/**
 * Bounds of what consumer groups keep here.
 *
 * @param retention how long the offsets of a group stay after its last commit; Kafka's
 *     offsets.retention.minutes
 * @param maxGroups groups with an offset, 1 or more
 * @param maxPositions offsets of all groups, one per group and partition, 1 or more
 */
public record OffsetSettings(Duration retention, int maxGroups, int maxPositions) {
    /** Seven days as Kafka's default, 10,000 groups, 100,000 offsets. */
    public static final OffsetSettings DEFAULTS =
            new OffsetSettings(Duration.ofDays(7), 10_000, 100_000);
}
