package io.ackgate.gateway.process;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.ackgate.gateway.Calls;
import io.ackgate.v1.Acks;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.Receipt;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Replicas that go and come back, with min.insync.replicas=2 of 3. */
@QuarkusTest
class ReplicasTest {
    private static final List<Integer> ALL = List.of(1, 2, 3);

    @GrpcClient("gateway")
    Channel channel;

    private final List<String> acknowledged = new ArrayList<>();

    @AfterEach
    void bring_all_back() {
        ALL.forEach(ReplicasTest::start);
    }

    @Test
    void one_may_go_two_may_not_and_nothing_is_lost() throws Exception {
        String topic = topic(1, Map.of("min.insync.replicas", 2));
        awaitIsr(topic, ALL);
        write(topic, Acks.ACKS_ALL, "all three");
        int leader = get(partition(topic)).jsonPath().getInt("leader");
        List<Integer> others = ALL.stream().filter(id -> id != leader).toList();

        stop(others.get(0));
        Receipt receipt = write(topic, Acks.ACKS_ALL, "one down");
        assertEquals(2, receipt.getIsrSize());
        assertEquals(2, receipt.getReplicasCount());
        awaitIsr(topic, List.of(leader, others.get(1)));

        stop(others.get(1));
        awaitIsr(topic, List.of(leader));
        ErrorInfo refused =
                assertFails(
                        Status.Code.UNAVAILABLE,
                        "NOT_ENOUGH_REPLICAS",
                        topic + "-0 has 1 in-sync replicas [node-" + leader + "]",
                        () -> write(topic, Acks.ACKS_ALL, "two down, all"));
        assertEquals("NOT_WRITTEN", refused.getMetadataOrThrow("write_status"));
        assertEquals("true", refused.getMetadataOrThrow("retriable"));
        write(topic, Acks.ACKS_LEADER, "two down, leader");
        assertEquals(
                List.of("all three", "one down"),
                readValues(channel, topic),
                "what too few replicas have cannot be read yet");

        start(others.get(1));
        awaitIsr(topic, List.of(leader, others.get(1)));
        write(topic, Acks.ACKS_ALL, "one back");
        assertEquals(acknowledged, readValues(channel, topic));

        start(others.get(0));
        awaitIsr(topic, ALL);
        assertEquals(3, write(topic, Acks.ACKS_ALL, "all back").getIsrSize());
        await(
                () ->
                        get(partition(topic))
                                .jsonPath()
                                .getList("replicas.lag", Integer.class)
                                .equals(List.of(0, 0, 0)));
        assertEquals(acknowledged, readValues(channel, topic));
    }

    @Test
    void a_refusal_for_want_of_replicas_says_when_to_retry() throws Exception {
        String topic = topic(1, Map.of("min.insync.replicas", 3));
        stop(2);
        awaitIsr(topic, List.of(1, 3));
        StatusRuntimeException failure =
                Assertions.assertThrows(
                        StatusRuntimeException.class, () -> write(topic, Acks.ACKS_ALL, "refused"));
        RetryInfo retry = Objects.requireNonNull(Calls.detail(failure, RetryInfo.class));
        assertEquals(
                com.google.protobuf.Duration.newBuilder().setNanos(100_000_000).build(),
                retry.getRetryDelay());
        given().contentType("application/json")
                .body("{\"value\": \"refused\"}")
                .post("/admin/v1/topics/" + topic + "/records")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("code", equalTo("NOT_ENOUGH_REPLICAS"))
                .body("retriable", equalTo(true))
                .body("writeStatus", equalTo("NOT_WRITTEN"))
                .body("retryDelayMs", equalTo(100));
        start(2);
        awaitIsr(topic, ALL);
        assertEquals(List.of(), readValues(channel, topic), "what was not written never appears");
    }

    @Test
    void the_leader_may_go_too() throws Exception {
        String topic = topic(1, Map.of());
        awaitIsr(topic, ALL);
        write(topic, Acks.ACKS_ALL, "a");
        int leader = get(partition(topic)).jsonPath().getInt("leader");
        int epoch = get(partition(topic)).jsonPath().getInt("leaderEpoch");

        stop(leader);
        write(topic, Acks.ACKS_ALL, "b");
        write(topic, Acks.ACKS_LEADER, "c");
        assertTrue(get(partition(topic)).jsonPath().getInt("leader") != leader);
        assertEquals(
                epoch,
                get(partition(topic)).jsonPath().getInt("leaderEpoch"),
                "the owner goes on in its epoch");
        start(leader);
        awaitIsr(topic, ALL);
        assertEquals(acknowledged, readValues(channel, topic));
    }

    @Test
    void nodes_say_whether_they_are_there_and_stopping_twice_is_no_harm() {
        stop(3);
        stop(3);
        get("/admin/v1/nodes/3").then().body("connected", equalTo(false));
        start(3);
        start(3);
        get("/admin/v1/nodes/3").then().body("connected", equalTo(true));
    }

    private Receipt write(String topic, Acks acks, String value) {
        Receipt receipt =
                producer(channel)
                        .produce(
                                ProduceRequest.newBuilder()
                                        .setTopic(topic)
                                        .setPartition(0)
                                        .setAcks(acks)
                                        .setTimeoutMs(10_000)
                                        .addRecords(record(value))
                                        .build())
                        .getReceipts(0);
        acknowledged.add(value);
        return receipt;
    }

    private static String partition(String topic) {
        return "/admin/v1/topics/" + topic + "/partitions/0";
    }

    private static void awaitIsr(String topic, List<Integer> nodes) {
        List<Integer> sorted = nodes.stream().sorted().toList();
        await(() -> get(partition(topic)).jsonPath().getList("isr", Integer.class).equals(sorted));
    }

    private static void stop(int node) {
        given().post("/admin/v1/nodes/" + node + "/stop")
                .then()
                .statusCode(200)
                .body("connected", equalTo(false));
    }

    private static void start(int node) {
        given().post("/admin/v1/nodes/" + node + "/start")
                .then()
                .statusCode(200)
                .body("connected", equalTo(true));
    }
}
