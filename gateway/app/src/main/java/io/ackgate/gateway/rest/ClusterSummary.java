package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.ClusterAdmin.ClusterTotals;
import io.ackgate.gateway.metrics.PartitionTotals;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The cluster at a glance. */
@Schema(name = "Cluster", description = "The cluster at a glance, as this gateway sees it")
record ClusterSummary(
        @Schema(description = "Unique id, a UUID") String clusterId,
        @Schema(examples = "standalone") String mode,
        List<NodeView> nodes,
        List<GatewayView> gateways,
        @Schema(examples = "1") int topics,
        @Schema(examples = "6") int partitions,
        @Schema(description = "Partitions that are not served", examples = "0")
                int offlinePartitions,
        @Schema(description = "Partitions with fewer in-sync replicas than replicas")
                int underReplicatedPartitions,
        @Schema(description = "Partitions with fewer in-sync replicas than min.insync.replicas")
                int underMinIsrPartitions) {

    static ClusterSummary of(ClusterTotals totals) {
        PartitionTotals partitions = totals.partitions();
        return new ClusterSummary(
                totals.cluster().id(),
                totals.cluster().mode(),
                totals.cluster().nodes().stream().map(NodeView::of).toList(),
                totals.cluster().gateways().stream().map(GatewayView::of).toList(),
                totals.topics(),
                partitions.partitions(),
                partitions.offline(),
                partitions.underReplicated(),
                partitions.underMinIsr());
    }
}
