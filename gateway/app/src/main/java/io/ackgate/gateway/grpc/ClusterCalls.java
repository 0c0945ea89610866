package io.ackgate.gateway.grpc;

import io.ackgate.gateway.admin.ClusterAdmin;
import io.ackgate.gateway.admin.ClusterAdmin.DescribedCluster;
import io.ackgate.gateway.admin.TopicAdmin;
import io.ackgate.gateway.admin.TopicAdmin.DescribedTopic;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.v1.ClusterService;
import io.ackgate.v1.DescribeClusterRequest;
import io.ackgate.v1.DescribeClusterResponse;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import io.ackgate.v1.Gateway;
import io.ackgate.v1.StorageNode;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Tells clients where to go. */
final class ClusterCalls implements ClusterService {
    private final ClusterAdmin cluster;
    private final TopicAdmin topics;

    ClusterCalls(ClusterAdmin cluster, TopicAdmin topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    @Override
    public Uni<DescribeClusterResponse> describeCluster(DescribeClusterRequest request) {
        DescribedCluster described = cluster.describe(Caller.ANONYMOUS);
        DescribeClusterResponse.Builder response =
                DescribeClusterResponse.newBuilder()
                        .setClusterId(described.id())
                        .setMode(described.mode());
        for (ClusterView.KnownNode node : described.nodes()) {
            response.addNodes(
                    StorageNode.newBuilder()
                            .setNodeId(node.id().value())
                            .setAddress(node.address())
                            .setConnected(node.connected()));
        }
        for (ClusterView.LiveGateway gateway : described.gateways()) {
            response.addGateways(
                    Gateway.newBuilder()
                            .setSession(gateway.session())
                            .setAddress(gateway.address())
                            .setSelf(gateway.self()));
        }
        return Uni.createFrom().item(response.build());
    }

    @Override
    public Uni<DescribeTopicResponse> describeTopic(DescribeTopicRequest request) {
        return topics.lastSeen(Caller.ANONYMOUS, request.getTopic())
                .emitOn(EventLoopTurns.current())
                .map(ClusterCalls::response);
    }

    private static DescribeTopicResponse response(DescribedTopic described) {
        Topic topic = described.topic();
        List<PartitionStatus> statuses = described.partitions();
        DescribeTopicResponse.Builder response =
                DescribeTopicResponse.newBuilder()
                        .setTopic(topic.name())
                        .setTopicId(topic.id().toString())
                        .putAllSettings(topic.settings().asText());
        for (int p = 0; p < statuses.size(); p++) {
            response.addPartitions(PartitionMessages.description(p, statuses.get(p)));
        }
        return response.build();
    }
}
