package io.ackgate.gateway.process;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.Acks;
import io.ackgate.v1.PartitionError;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceResponse;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.WriteStatus;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Keys split a request over six partitions, of which two have their only replica on a dead node.
 */
@QuarkusTest
class PartlyWrittenTest {
    private static final int RECORDS = 30;
    private static final int TIMEOUT_MILLIS = 1_000;

    /** An owner that has given them offsets already cannot say that they are not written. */
    private static final Set<WriteStatus> UNACKNOWLEDGED =
            Set.of(
                    WriteStatus.WRITE_STATUS_NOT_WRITTEN,
                    WriteStatus.WRITE_STATUS_MAY_HAVE_BEEN_WRITTEN);

    @GrpcClient("gateway")
    Channel channel;

    private final String topic = "partly-" + System.nanoTime();
    private final Set<Integer> offline = new HashSet<>();

    @BeforeEach
    void stop_a_node() {
        given().contentType("application/json")
                .body(Map.of("name", topic, "partitions", 6, "replicationFactor", 1))
                .post("/admin/v1/topics")
                .then()
                .statusCode(201);
        for (int partition = 0; partition < 6; partition++) {
            awaitOnline(partition);
            if (get(path(partition)).jsonPath().getInt("leader") == 3) {
                offline.add(partition);
            }
        }
        assertEquals(2, offline.size());
        given().post("/admin/v1/nodes/3/stop").then().statusCode(200);
    }

    private String path(int partition) {
        return "/admin/v1/topics/" + topic + "/partitions/" + partition;
    }

    private void awaitOnline(int partition) {
        await(() -> get(path(partition)).jsonPath().getBoolean("online"));
    }

    @AfterEach
    void start_it() {
        given().post("/admin/v1/nodes/3/start").then().statusCode(200);
    }

    private ProduceRequest.Builder request() {
        ProduceRequest.Builder request =
                ProduceRequest.newBuilder().setTopic(topic).setTimeoutMs(TIMEOUT_MILLIS);
        for (int i = 0; i < RECORDS; i++) {
            request.addRecords(record("key-" + i, "value-" + i));
        }
        return request;
    }

    /** Each record is in one receipt or in one error, and what has a receipt can be read. */
    private void assertOutcomes(List<Receipt> receipts, List<PartitionError> errors) {
        Set<Integer> refused = new HashSet<>();
        for (PartitionError error : errors) {
            refused.add(error.getPartition());
            assertFalse(error.getError().getCode().isEmpty());
            assertTrue(UNACKNOWLEDGED.contains(error.getError().getWriteStatus()), error::toString);
            assertEquals(error.getRecordCount(), error.getRecordIndexesCount());
        }
        assertEquals(offline, refused);
        List<Integer> indexes = new ArrayList<>();
        receipts.forEach(receipt -> indexes.addAll(receipt.getRecordIndexesList()));
        List<String> written = indexes.stream().map(i -> "value-" + i).sorted().toList();
        assertTrue(written.size() < RECORDS);
        errors.forEach(error -> indexes.addAll(error.getRecordIndexesList()));
        assertEquals(
                IntStream.range(0, RECORDS).boxed().toList(), indexes.stream().sorted().toList());
        given().post("/admin/v1/nodes/3/start").then().statusCode(200);
        offline.forEach(this::awaitOnline);
        assertTrue(readValues(channel, topic).containsAll(written));
    }

    @Test
    void a_call_tells_of_each_partition() {
        ProduceResponse answer = producer(channel).produce(request().build());
        assertOutcomes(answer.getReceiptsList(), answer.getErrorsList());
    }

    /** Acks 0 asks for no more than that the owner takes it, which it may do without a leader. */
    @Test
    void whatever_acks_it_asks_for() {
        for (Acks acks : List.of(Acks.ACKS_LEADER, Acks.ACKS_NONE)) {
            ProduceResponse answer = producer(channel).produce(request().setAcks(acks).build());
            Set<Integer> told = new HashSet<>();
            answer.getReceiptsList().forEach(receipt -> told.add(receipt.getPartition()));
            answer.getErrorsList().forEach(error -> told.add(error.getPartition()));
            assertEquals(6, told.size(), answer::toString);
            Set<Integer> refused =
                    answer.getErrorsList().stream()
                            .map(PartitionError::getPartition)
                            .collect(Collectors.toSet());
            assertTrue(offline.containsAll(refused), answer::toString);
            assertTrue(acks == Acks.ACKS_NONE || refused.equals(offline), answer::toString);
            assertEquals(
                    RECORDS,
                    answer.getReceiptsList().stream().mapToInt(Receipt::getRecordCount).sum()
                            + answer.getErrorsList().stream()
                                    .mapToInt(PartitionError::getRecordCount)
                                    .sum());
        }
    }

    /** The deadline of the call counts like its timeout, and what is known is told before it. */
    @Test
    void a_caller_with_a_deadline_is_told_before_it() throws Exception {
        ProduceRequest.Builder request = request().clearTimeoutMs();
        ProduceResponse answer =
                ProducerServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .produce(request.build());
        assertOutcomes(answer.getReceiptsList(), answer.getErrorsList());
    }

    @Test
    void a_stream_tells_of_each_partition() throws Exception {
        CompletableFuture<ProduceStreamResponse> answer = new CompletableFuture<>();
        StreamObserver<ProduceStreamRequest> requests =
                ProducerServiceGrpc.newStub(channel)
                        .produceStream(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ProduceStreamResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        answer.completeExceptionally(failure);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        requests.onNext(ProduceStreamRequest.newBuilder().setProduce(request()).build());
        ProduceStreamResponse told = answer.get(20, TimeUnit.SECONDS);
        requests.onCompleted();
        assertTrue(UNACKNOWLEDGED.contains(told.getError().getWriteStatus()), told::toString);
        assertOutcomes(told.getReceiptsList(), told.getErrorsList());
    }

    @Test
    void rest_tells_of_each_partition() {
        List<Map<String, String>> records =
                IntStream.range(0, RECORDS)
                        .mapToObj(i -> Map.of("key", "key-" + i, "value", "value-" + i))
                        .toList();
        JsonPath outcomes =
                given().contentType("application/json")
                        .body(records)
                        .post("/admin/v1/topics/" + topic + "/records?timeoutMs=" + TIMEOUT_MILLIS)
                        .then()
                        .statusCode(207)
                        .extract()
                        .jsonPath();
        assertEquals(
                offline, Set.copyOf(outcomes.getList("findAll { it.problem != null }.partition")));
        assertEquals(
                Set.of("REQUEST_TIMED_OUT"),
                Set.copyOf(outcomes.getList("findAll { it.problem != null }.problem.code")));
        assertEquals(
                RECORDS,
                outcomes.getList("recordCount", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum());
    }

    @Test
    void a_call_fails_when_nothing_was_written() throws Exception {
        int partition = offline.iterator().next();
        assertFails(
                Status.Code.DEADLINE_EXCEEDED,
                "REQUEST_TIMED_OUT",
                "",
                () -> producer(channel).produce(request().setPartition(partition).build()));
        given().contentType("application/json")
                .body("{\"value\": \"x\"}")
                .post(
                        "/admin/v1/topics/%s/records?timeoutMs=500&partition=%d"
                                .formatted(topic, partition))
                .then()
                .statusCode(504)
                .body("code", equalTo("REQUEST_TIMED_OUT"));
    }
}
