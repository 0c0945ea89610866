package io.ackgate.gateway.grpc;

import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.v1.ClusterService;
import io.ackgate.v1.DescribeClusterRequest;
import io.ackgate.v1.DescribeClusterResponse;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import io.ackgate.v1.Gateway;
import io.ackgate.v1.StorageNode;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;

/** Tells clients where to go. */
final class ClusterCalls implements ClusterService {
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final ClusterView cluster;

    ClusterCalls(Topics topics, GatewayRuntime runtime, ClusterView cluster) {
        this.topics = topics;
        this.runtime = runtime;
        this.cluster = cluster;
    }

    @Override
    public Uni<DescribeClusterResponse> describeCluster(DescribeClusterRequest request) {
        DescribeClusterResponse.Builder response =
                DescribeClusterResponse.newBuilder()
                        .setClusterId(cluster.clusterId())
                        .setMode(cluster.mode());
        for (ClusterView.KnownNode node : cluster.nodes()) {
            response.addNodes(
                    StorageNode.newBuilder()
                            .setNodeId(node.id().value())
                            .setAddress(node.address())
                            .setConnected(node.connected()));
        }
        for (ClusterView.LiveGateway gateway : cluster.gateways()) {
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
        Topic topic = RequestChecks.topic(topics, request.getTopic());
        List<Uni<PartitionStatus>> asked =
                IntStream.range(0, topic.partitions())
                        .mapToObj(
                                p ->
                                        Uni.createFrom()
                                                .completionStage(
                                                        () -> runtime.status(topic.partition(p))))
                        .toList();
        return Uni.join()
                .all(asked)
                .andFailFast()
                .emitOn(EventLoopTurns.current())
                .map(statuses -> response(topic, statuses));
    }

    private static DescribeTopicResponse response(Topic topic, List<PartitionStatus> statuses) {
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
