package io.ackgate.gateway.metrics;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All partitions, added up.
 *
 * @param offline not served
 * @param underReplicated with fewer in-sync replicas than replicas
 * @param underMinIsr with fewer in-sync replicas than min.insync.replicas
 * @param maxLag greatest number of records that a replica is behind its partition's end of log
 * @param totalLag the same of all replicas together
 * @param isrMembers in-sync replicas of all partitions together
 */
public record PartitionTotals(
        int partitions,
        int offline,
        int underReplicated,
        int underMinIsr,
        long maxLag,
        long totalLag,
        int isrMembers) {

    /** Before anything is known. */
    public static final PartitionTotals NONE = new PartitionTotals(0, 0, 0, 0, 0, 0, 0);

    /** Adds up the partitions of these topics. */
    public static PartitionTotals of(
            List<Topic> topics, Map<PartitionId, PartitionStatus> statuses) {
        PartitionTotals totals = NONE;
        for (Topic topic : topics) {
            for (int p = 0; p < topic.partitions(); p++) {
                totals = totals.plus(topic, statuses.get(topic.partition(p)));
            }
        }
        return totals;
    }

    private PartitionTotals plus(Topic topic, @Nullable PartitionStatus status) {
        PartitionState state = status == null ? null : status.state();
        int isr = state == null ? 0 : state.isr().size();
        boolean served = status != null && status.phase() == PartitionStatus.Phase.SERVING;
        long most = 0;
        long sum = 0;
        if (status != null) {
            for (PartitionStatus.Replica replica : status.replicas()) {
                long lag = Math.max(0, replica.lag());
                most = Math.max(most, lag);
                sum += lag;
            }
        }
        return new PartitionTotals(
                partitions + 1,
                offline + (served ? 0 : 1),
                underReplicated + (isr < topic.replicationFactor() ? 1 : 0),
                underMinIsr + (isr < topic.settings().minInsyncReplicas() ? 1 : 0),
                Math.max(maxLag, most),
                totalLag + sum,
                isrMembers + isr);
    }
}
