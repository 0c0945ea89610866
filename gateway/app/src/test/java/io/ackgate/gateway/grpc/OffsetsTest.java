package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.OffsetPosition;
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
                                        .setPosition(OffsetPosition.OFFSET_POSITION_EARLIEST))
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
}
