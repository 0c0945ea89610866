package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readAll;
import static io.ackgate.gateway.Calls.topic;
import static io.ackgate.gateway.Calls.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.ackgate.gateway.Calls;
import io.ackgate.record.Murmur2;
import io.ackgate.v1.Acks;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerSequence;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A month of real earthquakes, keyed by the network that reported them. */
@QuarkusTest
class EarthquakesTest {
    private static final int EVENTS = 1_707;
    private static final int PARTITIONS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Quake> QUAKES = new ArrayList<>();

    @GrpcClient("gateway")
    Channel channel;

    /** One event as it stands in the file. */
    private record Quake(String id, String net, String line) {
        int partition() {
            return Murmur2.partitionForKey(
                    net.getBytes(java.nio.charset.StandardCharsets.UTF_8), PARTITIONS);
        }

        ProducerRecord record() {
            return ProducerRecord.newBuilder().setKey(utf8(net)).setValue(utf8(line)).build();
        }
    }

    @BeforeAll
    static void read_the_events() throws IOException {
        Path file =
                Path.of(System.getProperty("repository.root", "../.."))
                        .resolve("client/examples/earthquakes.jsonl");
        for (String line : Files.readAllLines(file)) {
            JsonNode event = JSON.readTree(line);
            QUAKES.add(
                    new Quake(
                            event.path("id").asText(),
                            event.path("properties").path("net").asText(),
                            line));
        }
        assertEquals(EVENTS, QUAKES.size());
    }

    /** The partition is left to the key, and every event is a batch of its own. */
    @ParameterizedTest
    @EnumSource(
            value = Acks.class,
            names = {"ACKS_NONE", "ACKS_LEADER", "ACKS_ALL"})
    void all_of_them_once_each_in_order_per_key(Acks acks) throws Exception {
        String topic = topic(PARTITIONS, Map.of());
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        for (int i = 0; i < EVENTS; i++) {
            stream.send(
                    i,
                    ProduceRequest.newBuilder()
                            .setTopic(topic)
                            .setAcks(acks)
                            .addRecords(QUAKES.get(i).record()));
        }
        stream.endRequests();
        for (ProduceStreamResponse answer : stream.answers(EVENTS)) {
            assertFalse(answer.hasError(), answer::toString);
            Quake quake = QUAKES.get((int) answer.getCorrelationId());
            assertEquals(quake.partition(), answer.getReceipts(0).getPartition());
            assertEquals(acks != Acks.ACKS_NONE, answer.getReceipts(0).hasBaseOffset());
        }
        stream.awaitEnd();
        Calls.await(() -> readAll(channel, topic).size() == EVENTS);
        assertAllThereInOrder(readAll(channel, topic));
    }

    /** One request with everything: split by key into a batch per partition. */
    @Test
    void all_of_them_in_one_request() {
        String topic = topic(PARTITIONS, Map.of("max.message.bytes", 4 << 20));
        ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic(topic);
        QUAKES.forEach(quake -> request.addRecords(quake.record()));
        var receipts = producer(channel).produce(request.build()).getReceiptsList();
        assertEquals(QUAKES.stream().map(Quake::partition).distinct().count(), receipts.size());
        assertAllThereInOrder(readAll(channel, topic));
    }

    @Test
    void each_sent_twice_under_its_sequence_is_there_once() throws Exception {
        String topic = topic(PARTITIONS, Map.of());
        InitProducerResponse session =
                producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
        int[] sequences = new int[PARTITIONS];
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        for (int i = 0; i < EVENTS; i++) {
            Quake quake = QUAKES.get(i);
            ProduceRequest.Builder request =
                    ProduceRequest.newBuilder()
                            .setTopic(topic)
                            .setPartition(quake.partition())
                            .setProducer(
                                    ProducerSequence.newBuilder()
                                            .setProducerId(session.getProducerId())
                                            .setProducerEpoch(session.getProducerEpoch())
                                            .setBaseSequence(sequences[quake.partition()]++))
                            .addRecords(quake.record());
            stream.send(2L * i, request);
            stream.send(2L * i + 1, request);
        }
        stream.endRequests();
        Map<Long, Long> offsets = new HashMap<>();
        int duplicates = 0;
        for (ProduceStreamResponse answer : stream.answers(2 * EVENTS)) {
            assertFalse(answer.hasError(), answer::toString);
            assertEquals(answer.getCorrelationId() % 2 == 1, answer.getReceipts(0).getDuplicate());
            duplicates += answer.getReceipts(0).getDuplicate() ? 1 : 0;
            long event = answer.getCorrelationId() / 2;
            Long original = offsets.putIfAbsent(event, answer.getReceipts(0).getBaseOffset());
            assertTrue(
                    original == null || original == answer.getReceipts(0).getBaseOffset(),
                    answer::toString);
        }
        assertEquals(EVENTS, duplicates);
        assertAllThereInOrder(readAll(channel, topic));
    }

    /** Each id once, bytes untouched, and within a key the order in which they were sent. */
    private static void assertAllThereInOrder(List<ConsumerRecord> records) {
        assertEquals(EVENTS, records.size());
        Map<ByteString, List<ByteString>> sentByKey = new HashMap<>();
        Map<ByteString, List<ByteString>> readByKey = new HashMap<>();
        for (Quake quake : QUAKES) {
            sentByKey
                    .computeIfAbsent(utf8(quake.net()), net -> new ArrayList<>())
                    .add(utf8(quake.line()));
        }
        Set<String> ids = new HashSet<>();
        for (ConsumerRecord record : records) {
            readByKey
                    .computeIfAbsent(record.getKey(), net -> new ArrayList<>())
                    .add(record.getValue());
            ids.add(idOf(record));
        }
        assertEquals(EVENTS, ids.size());
        assertEquals(sentByKey, readByKey);
    }

    private static String idOf(ConsumerRecord record) {
        try {
            return JSON.readTree(record.getValue().toByteArray()).path("id").asText();
        } catch (IOException e) {
            throw new AssertionError("not the JSON that was written", e);
        }
    }
}
