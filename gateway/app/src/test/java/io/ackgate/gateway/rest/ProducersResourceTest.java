package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What partitions remember of idempotent producers. */
@QuarkusTest
class ProducersResourceTest {
    @GrpcClient("gateway")
    Channel channel;

    @Test
    void a_producer_is_shown_with_its_last_sequence_and_offset() {
        String topic = topic(2, Map.of());
        long id =
                producer(channel)
                        .initProducer(InitProducerRequest.getDefaultInstance())
                        .getProducerId();
        for (int sequence = 0; sequence < 7; sequence++) {
            producer(channel)
                    .produce(
                            ProduceRequest.newBuilder()
                                    .setTopic(topic)
                                    .setPartition(1)
                                    .setProducer(
                                            ProducerSequence.newBuilder()
                                                    .setProducerId(id)
                                                    .setBaseSequence(sequence))
                                    .addRecords(record("v"))
                                    .build());
        }
        get("/admin/v1/topics/{name}/producers", topic)
                .then()
                .statusCode(200)
                .body("", hasSize(1))
                .body("[0].producerId", equalTo((int) id))
                .body("[0].producerEpoch", equalTo(0))
                .body("[0].partition", equalTo(1))
                .body("[0].lastSequence", equalTo(6))
                .body("[0].lastOffset", equalTo(6))
                .body("[0].ageMs", lessThan(60_000))
                .body("[0].batches", hasSize(5));
    }

    @Test
    void many_who_ask_at_once_are_served_in_turn_or_told_to_come_back() {
        String topic = topic(100, Map.of());
        List<CompletableFuture<Integer>> asked =
                IntStream.range(0, 100)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        get(
                                                                        "/admin/v1/topics/{name}/producers",
                                                                        topic)
                                                                .statusCode()))
                        .toList();
        Set<Integer> told = asked.stream().map(CompletableFuture::join).collect(Collectors.toSet());
        assertTrue(told.contains(200), told::toString);
        assertTrue(Set.of(200, 429).containsAll(told), told::toString);
        get("/admin/v1/topics/{name}/producers", topic).then().statusCode(200);
    }

    @Test
    void producers_without_sequences_leave_no_trace() {
        String topic = topic(1, Map.of());
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .addRecords(record("v"))
                                .build());
        get("/admin/v1/topics/{name}/producers", topic).then().body("", hasSize(0));
        get("/admin/v1/topics/nope/producers").then().statusCode(404);
    }
}
