package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.delete;
import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ProduceRequest;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Consumer groups, as an operator sees them. */
@QuarkusTest
class GroupsResourceTest {
    @GrpcClient("gateway")
    Channel channel;

    @Test
    void a_group_is_shown_with_its_lag_until_it_is_deleted() {
        String topic = topic(1, Map.of());
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .addRecords(record("a"))
                                .addRecords(record("b"))
                                .build());
        consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup("shown")
                                .setTopic(topic)
                                .addOffsets(
                                        CommittedOffset.newBuilder()
                                                .setOffset(1)
                                                .setMetadata("mine"))
                                .build());
        get("/admin/v1/groups")
                .then()
                .statusCode(200)
                .body("group", hasItem("shown"))
                .body("find { it.group == 'shown' }.partitions", equalTo(1))
                .body("find { it.group == 'shown' }.lastCommitMs", greaterThan(0L));
        get("/admin/v1/groups?after=showm&limit=1").then().body("[0].group", equalTo("shown"));
        get("/admin/v1/groups/shown")
                .then()
                .statusCode(200)
                .body("lag", equalTo(1))
                .body("offsets[0].topic", equalTo(topic))
                .body("offsets[0].offset", equalTo(1))
                .body("offsets[0].leaderEpoch", nullValue())
                .body("offsets[0].metadata", equalTo("mine"))
                .body("offsets[0].highWatermark", equalTo(2))
                .body("offsets[0].lag", equalTo(1));
        delete("/admin/v1/groups/shown").then().statusCode(204);
        delete("/admin/v1/groups/shown").then().statusCode(404);
        get("/admin/v1/groups/shown")
                .then()
                .statusCode(404)
                .body("detail", containsString("group shown has committed no offsets"));
    }

    @Test
    void a_name_that_no_group_can_have_is_refused() {
        get("/admin/v1/groups/a b").then().statusCode(400);
        get("/admin/v1/groups?limit=0").then().statusCode(400);
    }

    @Test
    void offsets_of_a_deleted_topic_are_gone_from_their_group() {
        String topic = topic(1, Map.of());
        consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup("orphaned")
                                .setTopic(topic)
                                .addOffsets(CommittedOffset.newBuilder().setOffset(0))
                                .build());
        get("/admin/v1/groups/orphaned").then().statusCode(200);
        delete("/admin/v1/topics/{name}", topic).then().statusCode(204);
        get("/admin/v1/groups/orphaned").then().statusCode(404);
    }
}
