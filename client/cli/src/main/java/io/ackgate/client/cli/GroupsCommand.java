package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.DeleteGroupRequest;
import io.ackgate.v1.DescribeGroupRequest;
import io.ackgate.v1.DescribeGroupResponse;
import io.ackgate.v1.GroupOffset;
import io.ackgate.v1.GroupSummary;
import io.ackgate.v1.GroupTopic;
import io.ackgate.v1.ListGroupsRequest;
import io.ackgate.v1.ListGroupsResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What consumer groups have committed, and how far that is behind the end. */
@Command(
        name = "groups",
        aliases = "group",
        description = "Lists consumer groups with their lag, describes and deletes them.",
        mixinStandardHelpOptions = true)
final class GroupsCommand implements Runnable {
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Override
    public void run() {
        list(gateway, output);
    }

    @Command(
            name = "list",
            description = {
                "Lists all groups by name. Lag is the sum over their partitions, as far as it is"
                        + " known."
            },
            mixinStandardHelpOptions = true)
    void list(@Mixin GatewayOption gateways, @Mixin OutputOption out) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Table table = new Table("GROUP", "PARTITIONS", "LAG", "LAST COMMIT");
        try (GatewayOption.Calls calls = gateways.calls()) {
            for (GroupSummary group : summaries(calls.unary())) {
                OptionalLong lag = lag(describe(calls.unary(), group.getGroup()));
                String last = Instant.ofEpochMilli(group.getLastCommitMs()).toString();
                ObjectNode json =
                        all.addObject()
                                .put("group", group.getGroup())
                                .put("partitions", group.getPartitions());
                lag.ifPresent(records -> json.put("lag", records));
                json.put("lastCommit", last);
                table.row(
                        group.getGroup(),
                        group.getPartitions(),
                        lag.isPresent() ? lag.getAsLong() : "",
                        last);
            }
        }
        if (out.isJson()) {
            out.print(all);
        } else {
            out.print(table);
        }
    }

    private static List<GroupSummary> summaries(UnaryCalls calls) {
        List<GroupSummary> groups = new ArrayList<>();
        String page = "";
        do {
            ListGroupsResponse answer =
                    calls.call(
                            ConsumerServiceGrpc.getListGroupsMethod(),
                            ListGroupsRequest.newBuilder().setPageToken(page).build());
            groups.addAll(answer.getGroupsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return groups;
    }

    private static DescribeGroupResponse describe(UnaryCalls calls, String group) {
        return calls.call(
                ConsumerServiceGrpc.getDescribeGroupMethod(),
                DescribeGroupRequest.newBuilder().setGroup(group).build());
    }

    private static OptionalLong lag(DescribeGroupResponse group) {
        long sum = 0;
        boolean isKnown = false;
        for (GroupTopic topic : group.getTopicsList()) {
            for (GroupOffset offset : topic.getOffsetsList()) {
                sum += offset.getLag();
                isKnown |= offset.hasLag();
            }
        }
        return isKnown ? OptionalLong.of(sum) : OptionalLong.empty();
    }

    @Command(
            name = "describe",
            description = "Shows what a group has committed in each partition, and its lag there.",
            mixinStandardHelpOptions = true)
    void describe(
            @Mixin GatewayOption gateways,
            @Mixin OutputOption out,
            @Parameters(paramLabel = "GROUP") String name) {
        DescribeGroupResponse group;
        try (GatewayOption.Calls calls = gateways.calls()) {
            group = describe(calls.unary(), name);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("group", group.getGroup());
        ArrayNode offsets = json.putArray("offsets");
        Table table =
                new Table("TOPIC", "PARTITION", "OFFSET", "HIGH WATERMARK", "LAG", "COMMITTED");
        for (GroupTopic topic : group.getTopicsList()) {
            for (GroupOffset offset : topic.getOffsetsList()) {
                offsets.add(json(topic.getTopic(), offset));
                table.row(
                        topic.getTopic(),
                        offset.getPartition(),
                        offset.getOffset(),
                        offset.hasHighWatermark() ? offset.getHighWatermark() : "",
                        offset.hasLag() ? offset.getLag() : "",
                        Instant.ofEpochMilli(offset.getCommittedMs()));
            }
        }
        if (out.isJson()) {
            out.print(json);
        } else {
            out.print(table);
        }
    }

    private static ObjectNode json(String topic, GroupOffset offset) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("topic", topic)
                        .put("partition", offset.getPartition())
                        .put("offset", offset.getOffset());
        if (offset.hasHighWatermark()) {
            json.put("highWatermark", offset.getHighWatermark());
        }
        if (offset.hasLag()) {
            json.put("lag", offset.getLag());
        }
        return json.put("committed", Instant.ofEpochMilli(offset.getCommittedMs()).toString());
    }

    @Command(
            name = "delete",
            description = "Forgets what a group has committed; durable when the command ends.",
            mixinStandardHelpOptions = true)
    void delete(@Mixin GatewayOption gateways, @Parameters(paramLabel = "GROUP") String name) {
        try (GatewayOption.Calls calls = gateways.calls()) {
            calls.unary()
                    .call(
                            ConsumerServiceGrpc.getDeleteGroupMethod(),
                            DeleteGroupRequest.newBuilder().setGroup(name).build());
        }
    }
}
