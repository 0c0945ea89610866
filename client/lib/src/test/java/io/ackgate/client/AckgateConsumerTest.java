package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The consumer against a gateway whose streams break. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AckgateConsumerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final FakeGateway gateway = new FakeGateway().topic("t", 3);
    private final FakeConsumption consumption = new FakeConsumption(gateway, 7);
    private final AckgateConsumer consumer =
            new AckgateConsumer(
                    List.of(Endpoint.DEFAULT), Duration.ofSeconds(2), gateway.channels());

    @BeforeEach
    void startWithRecords() {
        gateway.with(consumption).start();
        write(0, 100);
    }

    private void write(int from, int to) {
        ProducerConfig config = ProducerConfig.builder().build();
        try (AckgateProducer producer = new AckgateProducer(config, gateway.channels())) {
            for (int i = from; i < to; i++) {
                producer.sendAndForget(ProducerRecord.of("t", null, "v" + i).toPartition(i % 3));
            }
        }
    }

    @AfterEach
    void closeAll() {
        consumer.close();
        gateway.close();
    }

    private static List<ConsumedRecord> all(RecordStream stream) {
        List<ConsumedRecord> records = new ArrayList<>();
        while (!stream.isOver()) {
            ConsumedRecord record = stream.next(SOON);
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    private static List<String> values(List<ConsumedRecord> records, int partition) {
        return records.stream()
                .filter(record -> record.partition() == partition)
                .map(
                        record ->
                                new String(
                                        Objects.requireNonNull(record.value()),
                                        StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> written(int from, int to, int partition) {
        return IntStream.range(from, to)
                .filter(i -> i % 3 == partition)
                .mapToObj(i -> "v" + i)
                .toList();
    }

    @Test
    void everything_is_read_once_and_in_order_though_streams_break() {
        consumption.breakAfter(2);
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Earliest(), true)) {
            List<ConsumedRecord> records = all(stream);
            for (int p = 0; p < 3; p++) {
                assertEquals(written(0, 100, p), values(records, p));
            }
            assertEquals(Map.of(0, 34L, 1, 33L, 2, 33L), stream.positions());
        }
        assertTrue(consumption.subscriptions > 6, "the streams did not break");
    }

    @Test
    void what_cannot_be_read_ends_the_reading_or_is_stepped_over_and_named() {
        consumption.unreadableFrom(10);
        try (RecordStream stream = consumer.read("t", List.of(1), new StartAt.Earliest(), true)) {
            RequestException ended = assertThrows(RequestException.class, () -> all(stream));
            assertEquals("UNSUPPORTED_FOR_MESSAGE_FORMAT", ended.code());
            assertEquals(Map.of(1, 10L), stream.positions());
        }
        List<SkippedRecords> skipped = new ArrayList<>();
        try (RecordStream stream =
                consumer.read("t", List.of(1), new StartAt.Earliest(), true, skipped::add)) {
            List<String> values = new ArrayList<>(written(0, 30, 1));
            values.addAll(written(45, 100, 1));
            assertEquals(values, values(all(stream), 1));
        }
        assertEquals(List.of(new SkippedRecords("t", 1, 10, 15, "it holds two")), skipped);
    }

    @Test
    void one_partition_from_an_offset_or_a_time() {
        try (RecordStream stream = consumer.read("t", List.of(1), new StartAt.Offset(30), true)) {
            assertEquals(written(90, 100, 1), values(all(stream), 1));
        }
        try (RecordStream stream =
                consumer.read("t", List.of(2), new StartAt.Timestamp(32), true)) {
            assertEquals(List.of("v98"), values(all(stream), 2));
        }
        try (RecordStream stream =
                consumer.read("t", List.of(2), new StartAt.Timestamp(1_000), true)) {
            assertEquals(List.of(), all(stream));
        }
    }

    @Test
    void the_latest_waits_for_what_comes() {
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Latest(), false)) {
            assertNull(stream.next(Duration.ofMillis(50)));
            assertFalse(stream.isOver());
            consumption.breakAfter(0);
            write(100, 103);
            consumption.breakAfter(100);
            gateway.stop();
            gateway.start();
            List<ConsumedRecord> records = new ArrayList<>();
            while (records.size() < 3) {
                ConsumedRecord record = stream.next(SOON);
                records.add(Objects.requireNonNull(record, "nothing came"));
            }
            assertEquals(written(100, 103, 0), values(records, 0));
        }
    }

    @Test
    void a_closed_stream_is_over() {
        RecordStream stream = consumer.read("t", List.of(), new StartAt.Latest(), false);
        stream.close();
        assertTrue(stream.isOver());
        assertNull(stream.next(SOON));
    }

    @Test
    void a_group_goes_on_where_it_was() {
        StartAt start = new StartAt.Committed("g", new StartAt.Earliest());
        consumer.commit("g", "t", Map.of(0, 30L, 1, 33L));
        try (RecordStream stream = consumer.read("t", List.of(), start, true)) {
            List<ConsumedRecord> records = all(stream);
            assertEquals(written(90, 100, 0), values(records, 0));
            assertEquals(List.of(), values(records, 1));
            assertEquals(written(0, 100, 2), values(records, 2));
        }
    }

    @Test
    void an_offset_that_is_gone_is_told() {
        try (RecordStream stream = consumer.read("t", List.of(0), new StartAt.Offset(77), false)) {
            RequestException refused =
                    assertThrows(RequestException.class, () -> stream.next(SOON));
            assertEquals("OFFSET_OUT_OF_RANGE", refused.code());
            assertTrue(refused.toString().contains("offset 77"), refused::toString);
            assertTrue(stream.isOver());
        }
    }

    @Test
    void a_superseded_owner_is_not_believed() {
        consumption.leaderEpoch = 5;
        consumption.breakAfter(1);
        try (RecordStream stream = consumer.read("t", List.of(0), new StartAt.Earliest(), false)) {
            for (int i = 0; i < 7; i++) {
                stream.next(SOON);
            }
            consumption.leaderEpoch = 4;
            assertNull(stream.next(Duration.ofMillis(300)));
            consumption.leaderEpoch = 6;
            assertEquals(7, Objects.requireNonNull(stream.next(SOON)).offset());
        }
    }

    @Test
    void an_unknown_topic_or_a_dead_gateway_is_told() {
        RequestException unknown =
                assertThrows(
                        RequestException.class,
                        () -> consumer.read("x", List.of(), new StartAt.Earliest(), true));
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", unknown.code());
        gateway.stop();
        RequestException dead =
                assertThrows(
                        RequestException.class,
                        () -> consumer.read("t", List.of(), new StartAt.Earliest(), true));
        assertEquals("NETWORK_EXCEPTION", dead.code());
        assertTrue(dead.toString().contains("no gateway answers at 127.0.0.1:8080"));
    }

    @Test
    void as_a_stream_of_mutiny_it_brings_what_is_asked_for() {
        List<ConsumedRecord> some =
                consumer.records("t", new StartAt.Earliest(), true)
                        .select()
                        .first(10)
                        .collect()
                        .asList()
                        .await()
                        .atMost(SOON);
        assertEquals(10, some.size());
        assertEquals(
                100L,
                consumer.records("t", new StartAt.Earliest(), true)
                        .collect()
                        .with(java.util.stream.Collectors.counting())
                        .await()
                        .atMost(SOON));
    }

    @Test
    void places_to_start_are_read_as_people_write_them() {
        assertEquals(new StartAt.Earliest(), StartAt.of("Earliest"));
        assertEquals(new StartAt.Latest(), StartAt.of("latest"));
        assertEquals(new StartAt.Offset(17), StartAt.of("17"));
        assertEquals(new StartAt.Timestamp(1_517_356_800_000L), StartAt.of("2018-01-31T00:00:00Z"));
        assertEquals(new StartAt.FromEnd(10), StartAt.of("-10"));
        for (String wrong : List.of("", "-0", "-", "yesterday", "99999999999999999999")) {
            assertThrows(IllegalArgumentException.class, () -> StartAt.of(wrong), wrong);
        }
    }

    private List<String> next(RecordStream stream, int count) {
        List<ConsumedRecord> records = new ArrayList<>();
        while (records.size() < count) {
            ConsumedRecord record = stream.next(SOON);
            assertNotNull(record, () -> "only " + records.size() + " records came");
            records.add(record);
        }
        return IntStream.range(0, 3).boxed().flatMap(p -> values(records, p).stream()).toList();
    }

    @Test
    void a_topic_deleted_and_created_anew_is_read_from_its_first_record() {
        consumption.leaderEpoch = 5;
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Earliest(), false)) {
            next(stream, 100);
            gateway.delete("t");
            consumption.breakAll(
                    FakeGateway.status(
                            "UNKNOWN_TOPIC_OR_PARTITION", Status.Code.NOT_FOUND, "deleted"));
            assertNull(stream.next(Duration.ofMillis(50)));
            gateway.topic("t", 3);
            consumption.leaderEpoch = 1;
            write(0, 3);
            assertEquals(List.of("v0", "v1", "v2"), next(stream, 3));
            assertEquals(Map.of(0, 1L, 1, 1L, 2, 1L), stream.positions());
        }
    }

    @Test
    void a_topic_created_anew_unseen_and_longer_by_now_is_read_from_its_first_record() {
        consumption.leaderEpoch = 5;
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Earliest(), false)) {
            next(stream, 100);
            gateway.delete("t");
            gateway.topic("t", 3);
            consumption.leaderEpoch = 1;
            write(1_000, 1_300);
            consumption.breakAll(Status.UNAVAILABLE.asRuntimeException());
            List<String> all =
                    IntStream.range(0, 3)
                            .boxed()
                            .flatMap(p -> written(1_000, 1_300, p).stream())
                            .toList();
            assertEquals(all, next(stream, 300));
        }
    }

    @Test
    void a_topic_created_anew_unseen_in_the_same_leader_epoch_is_read_from_its_first_record() {
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Earliest(), false)) {
            next(stream, 100);
            createAnewWith(1_000, 1_300);
            List<String> all =
                    IntStream.range(0, 3)
                            .boxed()
                            .flatMap(p -> written(1_000, 1_300, p).stream())
                            .toList();
            assertEquals(all, next(stream, 300));
        }
    }

    @Test
    void a_reading_to_the_end_does_not_go_on_with_another_topic() {
        try (RecordStream stream = consumer.read("t", List.of(0), new StartAt.Earliest(), true)) {
            assertNotNull(stream.next(SOON));
            createAnewWith(1_000, 1_300);
            RequestException refused = assertThrows(RequestException.class, () -> all(stream));
            assertEquals("UNKNOWN_TOPIC_OR_PARTITION", refused.code());
            assertTrue(stream.isOver());
        }
    }

    private void createAnewWith(int from, int to) {
        gateway.delete("t");
        gateway.topic("t", 3);
        write(from, to);
        consumption.breakAll(Status.UNAVAILABLE.asRuntimeException());
    }

    @Test
    void an_offset_that_retention_took_ends_the_reading_of_the_same_topic() {
        try (RecordStream stream = consumer.read("t", List.of(), new StartAt.Latest(), false)) {
            consumption.breakAll(
                    FakeGateway.status("OFFSET_OUT_OF_RANGE", Status.Code.OUT_OF_RANGE, "gone"));
            RequestException refused =
                    assertThrows(RequestException.class, () -> stream.next(SOON));
            assertEquals("OFFSET_OUT_OF_RANGE", refused.code());
        }
    }
}
