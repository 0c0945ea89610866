package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the cluster at a glance. */
@Command(
        name = "cluster",
        description = "Shows nodes, gateways, and whether all partitions are well.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Runnable {
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Override
    public void run() {
        JsonNode cluster = gateway.admin().get("/cluster");
        if (output.isJson()) {
            output.print(cluster);
            return;
        }
        output.out()
                .println(
                        "cluster %s, %s: %s topics, %s partitions (%s offline, %s under-replicated, %s under min.insync.replicas)"
                                .formatted(
                                        cluster.path("clusterId").asText(),
                                        cluster.path("mode").asText(),
                                        cluster.path("topics").asText(),
                                        cluster.path("partitions").asText(),
                                        cluster.path("offlinePartitions").asText(),
                                        cluster.path("underReplicatedPartitions").asText(),
                                        cluster.path("underMinIsrPartitions").asText()));
        Table table = new Table("ROLE", "ID", "ADDRESS", "STATE");
        for (JsonNode node : cluster.path("nodes")) {
            table.row(
                    "storage node",
                    node.path("id").asText(),
                    node.path("address").asText("in the gateway"),
                    node.path("connected").asBoolean() ? "connected" : "not connected");
        }
        for (JsonNode member : cluster.path("gateways")) {
            table.row(
                    "gateway",
                    member.path("session").asText(),
                    member.path("address").asText(),
                    member.path("self").asBoolean() ? "answers" : "live");
        }
        output.print(table);
    }
}
