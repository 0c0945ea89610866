package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.metrics.PartitionTotals;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.process.ClusterView.KnownNode;
import io.ackgate.gateway.process.ClusterView.LiveGateway;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

/** The door for the cluster as a whole, as this gateway sees it. */
@Singleton
public class ClusterAdmin {
    private final ClusterView cluster;
    private final Topics topics;
    private final GatewayRuntime runtime;

    ClusterAdmin(ClusterView cluster, Topics topics, GatewayRuntime runtime) {
        this.cluster = cluster;
        this.topics = topics;
        this.runtime = runtime;
    }

    /**
     * The processes of the cluster.
     *
     * @param id unique id of the cluster
     * @param mode "standalone" or "cluster"
     * @param nodes by id
     * @param gateways this one included
     */
    public record DescribedCluster(
            String id, String mode, List<KnownNode> nodes, List<LiveGateway> gateways) {}

    /**
     * The cluster at a glance.
     *
     * @param topics how many there are
     */
    public record ClusterTotals(DescribedCluster cluster, int topics, PartitionTotals partitions) {}

    /** The processes of the cluster; nothing is asked for that. */
    public DescribedCluster describe(Caller caller) {
        return new DescribedCluster(
                cluster.clusterId(), cluster.mode(), cluster.nodes(), cluster.gateways());
    }

    /** The cluster at a glance. Fulfilled on a thread of a partition: go on elsewhere. */
    public Uni<ClusterTotals> summary(Caller caller) {
        return Uni.createFrom()
                .completionStage(runtime::statuses)
                .map(
                        statuses -> {
                            List<Topic> all = topics.cached();
                            return new ClusterTotals(
                                    describe(caller),
                                    all.size(),
                                    PartitionTotals.of(all, statuses));
                        });
    }
}
