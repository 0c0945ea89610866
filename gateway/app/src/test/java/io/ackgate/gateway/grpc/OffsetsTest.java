package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.DeleteGroupRequest;
import io.ackgate.v1.DescribeGroupRequest;
import io.ackgate.v1.DescribeGroupResponse;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.GroupOffset;
import io.ackgate.v1.GroupTopic;
import io.ackgate.v1.ListGroupsRequest;
import io.ackgate.v1.ListGroupsResponse;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.PartitionOffset;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Positions in the log, and those that groups have committed. */
@QuarkusTest
class OffsetsTest extends ReadingFixture {
    @Test
    void a_group_that_has_committed_nothing_has_no_offsets() {
        String topic = topic(3, Map.of());
        assertEquals(
                0,
                consumer(channel)
                        .getCommittedOffsets(
                                GetCommittedOffsetsRequest.newBuilder()
                                        .setGroup("nobody")
                                        .setTopic(topic)
                                        .build())
                        .getOffsetsCount());
    }

    @Test
    void positions() {
        String topic = topic(2, Map.of());
        produce(topic, 1, List.of(record("a").toBuilder().setTimestampMs(50).build()));
        produce(topic, 1, List.of(record("b").toBuilder().setTimestampMs(70).build()));
        assertEquals(
                List.of(0L, 2L),
                list(ListOffsetsRequest.newBuilder().setTopic(topic)).stream()
                        .map(PartitionOffset::getOffset)
                        .toList());
        assertEquals(
                List.of(0L, 0L),
                list(
                                ListOffsetsRequest.newBuilder()
                                        .setTopic(topic)
                                        .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST))
                        .stream()
                        .map(PartitionOffset::getOffset)
                        .toList());
        List<PartitionOffset> byTime =
                list(ListOffsetsRequest.newBuilder().setTopic(topic).setTimestampMs(51));
        assertFalse(byTime.get(0).hasOffset());
        assertEquals(1, byTime.get(1).getOffset());
        assertEquals(70, byTime.get(1).getTimestampMs());
    }

    @Test
    void commits_that_cannot_be() throws Exception {
        String topic = topic(1, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "OFFSET_METADATA_TOO_LARGE",
                "4096",
                () -> commit("g", topic, 0, "x".repeat(5_000)));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "offset -1 is negative",
                () -> commit("g", topic, -1, ""));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_GROUP_ID",
                "group is empty",
                () -> commit("", topic, 0, ""));
        assertEquals(List.of(), readValues(channel, topic));
    }

    private void commit(String group, String topic, long offset, int leaderEpoch) {
        consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup(group)
                                .setTopic(topic)
                                .addOffsets(
                                        CommittedOffset.newBuilder()
                                                .setOffset(offset)
                                                .setLeaderEpoch(leaderEpoch))
                                .build());
    }

    @Test
    void an_offset_beyond_the_end_and_an_epoch_that_never_was_are_refused() throws Exception {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a"), record("b")));
        for (long offset : new long[] {3, 1_000_000_000_000_000L, Long.MAX_VALUE}) {
            assertFails(
                    Status.Code.OUT_OF_RANGE,
                    "OFFSET_OUT_OF_RANGE",
                    "0 to 2",
                    () -> commit("far", topic, offset, ""));
        }
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "leader epoch 0",
                () -> commit("far", topic, 1, 0));
        assertFails(
                Status.Code.UNAVAILABLE,
                "UNKNOWN_LEADER_EPOCH",
                "leader epoch 2147483647",
                () -> commit("far", topic, 1, Integer.MAX_VALUE));
        assertFails(Status.Code.NOT_FOUND, "GROUP_ID_NOT_FOUND", "far", () -> describe("far"));
        commit("far", topic, 2, fetch(topic, 0).getLeaderEpoch());
        assertEquals(2, describe("far").getTopics(0).getOffsets(0).getOffset());
    }

    private DescribeGroupResponse describe(String group) {
        return consumer(channel)
                .describeGroup(DescribeGroupRequest.newBuilder().setGroup(group).build());
    }

    @Test
    void groups_are_listed_described_and_deleted() throws Exception {
        String one = topic(2, Map.of());
        String two = topic(1, Map.of());
        produce(one, 1, List.of(record("a"), record("b"), record("c")));
        commit("lists-a", one, 0, "");
        commit("lists-b", two, 0, "");
        consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup("lists-b")
                                .setTopic(one)
                                .addOffsets(
                                        CommittedOffset.newBuilder()
                                                .setPartition(1)
                                                .setOffset(1)
                                                .setLeaderEpoch(1))
                                .build());
        ListGroupsResponse page =
                consumer(channel)
                        .listGroups(
                                ListGroupsRequest.newBuilder()
                                        .setPageToken("lists-")
                                        .setPageSize(1)
                                        .build());
        assertEquals("lists-a", page.getGroups(0).getGroup());
        ListGroupsResponse next =
                consumer(channel)
                        .listGroups(
                                ListGroupsRequest.newBuilder()
                                        .setPageToken(page.getNextPageToken())
                                        .setPageSize(1)
                                        .build());
        assertEquals("lists-b", next.getGroups(0).getGroup());
        assertEquals(2, next.getGroups(0).getPartitions());

        DescribeGroupResponse group = describe("lists-b");
        assertEquals(
                List.of(one, two),
                group.getTopicsList().stream().map(GroupTopic::getTopic).sorted().toList());
        GroupOffset position =
                group.getTopicsList().stream()
                        .filter(topic -> topic.getTopic().equals(one))
                        .findFirst()
                        .orElseThrow()
                        .getOffsets(0);
        assertEquals(1, position.getPartition());
        assertEquals(1, position.getLeaderEpoch());
        assertEquals(3, position.getHighWatermark());
        assertEquals(2, position.getLag());
        assertEquals(group.getLastCommitMs(), next.getGroups(0).getLastCommitMs());

        consumer(channel).deleteGroup(DeleteGroupRequest.newBuilder().setGroup("lists-b").build());
        assertFails(
                Status.Code.NOT_FOUND, "GROUP_ID_NOT_FOUND", "lists-b", () -> describe("lists-b"));
        assertFails(
                Status.Code.NOT_FOUND,
                "GROUP_ID_NOT_FOUND",
                "lists-b",
                () ->
                        consumer(channel)
                                .deleteGroup(
                                        DeleteGroupRequest.newBuilder()
                                                .setGroup("lists-b")
                                                .build()));
    }
}
