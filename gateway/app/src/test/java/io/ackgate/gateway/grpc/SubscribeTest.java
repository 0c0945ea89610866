package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading as a stream. */
@QuarkusTest
class SubscribeTest extends ReadingFixture {
    @Test
    void a_subscription_follows_what_is_written() {
        String topic = topic(2, Map.of());
        produce(topic, 0, List.of(record("before")));
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST));
        awaitValues(subscriber, List.of("before"));
        produce(topic, 1, List.of(record("after-1")));
        awaitValues(subscriber, List.of("after-1", "before"));
        produce(topic, 0, List.of(record("after-0")));
        awaitValues(subscriber, List.of("after-0", "after-1", "before"));
        subscriber.cancel();
    }

    @Test
    void a_subscription_to_a_topic_takes_up_the_partitions_that_it_gets() {
        String topic = topic(1, Map.of());
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST));
        given().contentType("application/json")
                .body(Map.of("partitions", 3))
                .patch("/admin/v1/topics/{name}", topic)
                .then()
                .statusCode(200);
        produce(topic, 2, List.of(record("new")));
        awaitValues(subscriber, List.of("new"));
        subscriber.cancel();
    }

    @Test
    void a_subscription_can_start_at_an_offset_or_a_timestamp() {
        String topic = topic(1, Map.of());
        for (int i = 0; i < 10; i++) {
            produce(
                    topic,
                    0,
                    List.of(record("v" + i).toBuilder().setTimestampMs(1_000L * i).build()));
        }
        assertEquals(
                List.of("v7", "v8", "v9"),
                read(SubscribeRequest.newBuilder().setTopic(topic).addPartitions(0).setOffset(7)));
        assertEquals(
                List.of("v8", "v9"),
                read(SubscribeRequest.newBuilder().setTopic(topic).setTimestampMs(7_001)));
        assertEquals(
                List.of(),
                read(SubscribeRequest.newBuilder().setTopic(topic).setTimestampMs(9_001)));
    }

    @Test
    void a_subscription_goes_on_where_its_group_has_committed() {
        String topic = topic(1, Map.of());
        for (int i = 0; i < 5; i++) {
            produce(topic, 0, List.of(record("v" + i)));
        }
        String group = "group-of-" + topic;
        SubscribeRequest.Builder ofGroup =
                SubscribeRequest.newBuilder().setTopic(topic).setGroup(group);
        assertEquals(
                List.of("v0", "v1", "v2", "v3", "v4"),
                read(ofGroup),
                "nothing is committed: from the earliest");
        commit(group, topic, 3, "half-way");
        assertEquals(List.of("v3", "v4"), read(ofGroup));

        CommittedOffset committed =
                consumer(channel)
                        .getCommittedOffsets(
                                GetCommittedOffsetsRequest.newBuilder()
                                        .setGroup(group)
                                        .setTopic(topic)
                                        .build())
                        .getOffsets(0);
        assertEquals(3, committed.getOffset());
        assertEquals("half-way", committed.getMetadata());
        commit(group, topic, 1, "");
        assertEquals(List.of("v1", "v2", "v3", "v4"), read(ofGroup), "a group may go back");
    }

    @Test
    void a_consumer_that_reads_slowly_gets_everything_nevertheless() {
        String topic = topic(1, Map.of());
        ByteString large = ByteString.copyFrom(new byte[100_000]);
        for (int i = 0; i < 60; i++) {
            produce(
                    topic,
                    0,
                    IntStream.range(0, 10)
                            .mapToObj(j -> ProducerRecord.newBuilder().setValue(large).build())
                            .toList());
        }
        AssertSubscriber<SubscribeResponse> slow = AssertSubscriber.create(0);
        consumers
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                .setStopAtEnd(true)
                                .build())
                .subscribe()
                .withSubscriber(slow);
        for (int asked = 1; !slow.hasCompleted(); asked++) {
            slow.request(1);
            int expected = asked;
            await(() -> slow.hasCompleted() || slow.getItems().size() == expected);
        }
        long next = 0;
        for (SubscribeResponse response : slow.getItems()) {
            for (ConsumerRecord record : response.getRecordsList()) {
                assertEquals(next++, record.getOffset());
            }
        }
        assertEquals(600, next);
    }

    @Test
    void subscriptions_that_cannot_be() throws Exception {
        String topic = topic(2, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "an offset starts one partition, but 0 are named",
                () -> read(SubscribeRequest.newBuilder().setTopic(topic).setOffset(0)));
        assertFails(
                Status.Code.OUT_OF_RANGE,
                "OFFSET_OUT_OF_RANGE",
                "offset 9 is not in the log",
                () ->
                        subscribeBlocking(
                                SubscribeRequest.newBuilder()
                                        .setTopic(topic)
                                        .addPartitions(0)
                                        .setOffset(9)));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_GROUP_ID",
                "no group can be called 'a/b'",
                () -> read(SubscribeRequest.newBuilder().setTopic(topic).setGroup("a/b")));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "partition 1 is named twice",
                () ->
                        read(
                                SubscribeRequest.newBuilder()
                                        .setTopic(topic)
                                        .addPartitions(1)
                                        .addPartitions(1)));
    }
}
