package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.readAll;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.Acks;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerService;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Batches one after the other, without waiting. */
@QuarkusTest
class ProduceStreamTest {
    private static final int REQUESTS = 5_000;
    private static final int PARTITIONS = 3;
    private static final Acks[] ACKS = {Acks.ACKS_ALL, Acks.ACKS_NONE, Acks.ACKS_LEADER};

    @GrpcClient("gateway")
    Channel channel;

    @GrpcClient("gateway")
    ProducerService producer;

    @Test
    void every_request_is_answered_once_in_order_per_partition() {
        String topic = topic(PARTITIONS, Map.of());
        // Levels are mixed: a later acks=0 is done before an earlier acks=all, and must not pass
        // it.
        Multi<ProduceStreamRequest> requests =
                Multi.createFrom()
                        .range(0, REQUESTS)
                        .map(
                                i ->
                                        ProduceStreamRequest.newBuilder()
                                                .setCorrelationId(i)
                                                .setProduce(
                                                        ProduceRequest.newBuilder()
                                                                .setTopic(topic)
                                                                .setPartition(i % PARTITIONS)
                                                                .setAcks(ACKS[i / PARTITIONS % 3])
                                                                .addRecords(
                                                                        record(
                                                                                Integer.toString(
                                                                                        i))))
                                                .build());

        List<ProduceStreamResponse> answers =
                producer.produceStream(requests)
                        .collect()
                        .asList()
                        .await()
                        .atMost(Duration.ofSeconds(60));

        assertEquals(REQUESTS, answers.size());
        Map<Long, Long> lastOfPartition = new HashMap<>();
        Set<Long> answered = new HashSet<>();
        for (ProduceStreamResponse answer : answers) {
            assertFalse(answer.hasError(), answer::toString);
            long id = answer.getCorrelationId();
            assertTrue(answered.add(id), "answered twice: " + id);
            Long last = lastOfPartition.put(id % PARTITIONS, id);
            assertTrue(last == null || last < id, () -> id + " was answered after " + last);
            if (answer.getReceipts(0).hasBaseOffset()) {
                assertEquals(id / PARTITIONS, answer.getReceipts(0).getBaseOffset());
            }
        }
        assertInPlace(readAll(channel, topic));
    }

    private static void assertInPlace(List<ConsumerRecord> records) {
        assertEquals(REQUESTS, records.size());
        for (ConsumerRecord record : records) {
            int id = Integer.parseInt(record.getValue().toStringUtf8());
            assertEquals(id / PARTITIONS, record.getOffset());
        }
    }

    @Test
    void a_stream_without_requests_ends() throws Exception {
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        stream.endRequests();
        stream.awaitEnd();
    }

    @Test
    void answers_that_are_pending_when_requests_end_still_come() throws Exception {
        String topic = topic(1, Map.of());
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        for (int i = 0; i < 100; i++) {
            stream.send(
                    i,
                    ProduceRequest.newBuilder()
                            .setTopic(topic)
                            .setPartition(0)
                            .addRecords(record("v")));
        }
        stream.endRequests();
        assertEquals(100, stream.answers(100).size());
        stream.awaitEnd();
    }

    @Test
    void cancelling_drops_the_answers_but_not_the_records() throws Exception {
        String topic = topic(1, Map.of());
        var first =
                producer.produceStream(
                                Multi.createFrom()
                                        .range(0, 100)
                                        .map(
                                                i ->
                                                        ProduceStreamRequest.newBuilder()
                                                                .setCorrelationId(i)
                                                                .setProduce(
                                                                        ProduceRequest.newBuilder()
                                                                                .setTopic(topic)
                                                                                .setPartition(0)
                                                                                .addRecords(
                                                                                        record(
                                                                                                "v"
                                                                                                        + i)))
                                                                .build()))
                        .select()
                        .first()
                        .collect()
                        .first()
                        .await()
                        .atMost(Duration.ofSeconds(30));
        assertEquals(0, first.getCorrelationId());
        // What came in before the cancellation is there, from the first on and without a gap.
        List<ConsumerRecord> records = readAll(channel, topic);
        assertFalse(records.isEmpty());
        for (int i = 0; i < records.size(); i++) {
            assertEquals("v" + i, records.get(i).getValue().toStringUtf8());
        }
    }
}
