package io.ackgate.gateway.metrics;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.delete;
import static io.restassured.RestAssured.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import io.ackgate.v1.Acks;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.RecordFormat;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What Prometheus gets to see. */
@QuarkusTest
class MetricsTest {
    @GrpcClient("gateway")
    Channel channel;

    @Test
    void every_name_that_is_promised_is_there() {
        String topic = topic(2, Map.of());
        produce(topic, Acks.ACKS_ALL);
        await(() -> value("ackgate_partitions") >= 2);
        String metrics = get("/q/metrics").asString();
        for (String name :
                List.of(
                        "ackgate_produce_seconds_bucket",
                        "ackgate_replica_append_seconds_count",
                        "ackgate_replica_lag_records",
                        "ackgate_isr_size",
                        "ackgate_under_replicated_partitions",
                        "ackgate_under_min_isr_partitions",
                        "ackgate_offline_partitions",
                        "ackgate_isr_changes_total",
                        "ackgate_duplicates_total",
                        "ackgate_fenced_total",
                        "ackgate_inflight_bytes",
                        "ackgate_produce_waiting_bytes",
                        "ackgate_waiting_reads",
                        "ackgate_takeover_seconds_bucket",
                        "ackgate_produce_records_total",
                        "ackgate_produce_bytes_total",
                        "ackgate_consume_records_total",
                        "ackgate_consume_bytes_total",
                        "ackgate_group_lag_records",
                        "ackgate_groups",
                        "ackgate_partition_stops_total",
                        "ackgate_refused_requests_total",
                        "ackgate_appended_bytes_total",
                        "ackgate_read_bytes_total",
                        "ackgate_journal_sync_seconds_count")) {
            assertTrue(metrics.contains("\n" + name), name);
        }
    }

    @Test
    void acknowledgements_are_counted_by_acks_and_topic() {
        String topic = topic(1, Map.of());
        produce(topic, Acks.ACKS_ALL);
        produce(topic, Acks.ACKS_ALL);
        produce(topic, Acks.ACKS_LEADER);
        assertEquals(
                2, value("ackgate_produce_seconds_count{acks=\"all\",topic=\"" + topic + "\"}"));
        assertEquals(1, value("ackgate_produce_seconds_count{acks=\"1\",topic=\"" + topic + "\"}"));
    }

    /** Prometheus shows both beside a name. */
    @Test
    void every_metric_has_a_text_and_a_base_unit() {
        List<String> lines = get("/q/metrics").asString().lines().toList();
        List<String> names =
                lines.stream()
                        .filter(line -> line.startsWith("# TYPE ackgate_"))
                        .map(line -> line.replaceAll("# TYPE | \\w+$", ""))
                        .toList();
        assertTrue(names.size() > 30, names::toString);
        for (String name : names) {
            assertTrue(
                    lines.stream()
                            .anyMatch(line -> line.matches("# HELP " + name + "(_total)? \\S.*")),
                    name);
            assertTrue(
                    !name.matches(".*_(millis|milliseconds|micros|nanos|kilobytes|megabytes)\\b.*"),
                    name);
        }
    }

    @Test
    void records_and_bytes_are_counted_by_topic_on_their_way_in_and_out() {
        String topic = topic(1, Map.of());
        String label = "{topic=\"" + topic + "\"}";
        produce(topic, Acks.ACKS_ALL);
        produce(topic, Acks.ACKS_NONE);
        await(() -> value("ackgate_produce_records_total" + label) == 2);
        assertTrue(value("ackgate_produce_bytes_total" + label) > 100);

        await(() -> Calls.readAll(channel, topic).size() == 2);
        double streamed = value("ackgate_consume_records_total" + label);
        assertTrue(streamed >= 2);
        FetchRequest fetch =
                FetchRequest.newBuilder().setTopic(topic).setPartition(0).setOffset(0).build();
        FetchResponse answer = Calls.consumer(channel).fetch(fetch);
        assertEquals(2, answer.getRecordsCount());
        assertEquals(streamed + 2, value("ackgate_consume_records_total" + label));
        double bytes = value("ackgate_consume_bytes_total" + label);
        Calls.consumer(channel)
                .fetch(fetch.toBuilder().setFormat(RecordFormat.RECORD_FORMAT_BATCHES).build());
        assertEquals(streamed + 4, value("ackgate_consume_records_total" + label));
        assertTrue(value("ackgate_consume_bytes_total" + label) > bytes + 100);

        get("/admin/v1/topics/{name}/records", topic).then().statusCode(200);
        assertEquals(streamed + 6, value("ackgate_consume_records_total" + label));
    }

    @Test
    void the_series_of_a_deleted_topic_end() {
        String topic = topic(1, Map.of());
        produce(topic, Acks.ACKS_ALL);
        assertTrue(get("/q/metrics").asString().contains("\"" + topic + "\""));
        delete("/admin/v1/topics/{name}", topic).then().statusCode(204);
        await(() -> !get("/q/metrics").asString().contains("\"" + topic + "\""));
    }

    @Test
    void a_group_has_its_lag_in_each_partition_until_it_is_deleted() {
        String topic = topic(1, Map.of());
        produce(topic, Acks.ACKS_ALL);
        produce(topic, Acks.ACKS_ALL);
        Calls.consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup("measured")
                                .setTopic(topic)
                                .addOffsets(
                                        CommittedOffset.newBuilder().setPartition(0).setOffset(1))
                                .build());
        String series =
                "ackgate_group_lag_records{group=\"measured\",partition=\"0\",topic=\""
                        + topic
                        + "\"}";
        await(() -> value(series) == 1);
        produce(topic, Acks.ACKS_ALL);
        await(() -> value(series) == 2);
        assertTrue(value("ackgate_groups") >= 1);
        delete("/admin/v1/groups/measured").then().statusCode(204);
        await(() -> value(series) == -1);
    }

    @Test
    void a_producer_whose_epoch_is_over_is_fenced() {
        String topic = topic(1, Map.of());
        long id =
                producer(channel)
                        .initProducer(InitProducerRequest.getDefaultInstance())
                        .getProducerId();
        String series = "ackgate_fenced_total{reason=\"producer-epoch\"}";
        double before = value(series);
        producer(channel).produce(sequenced(topic, id, 1));
        Assertions.assertThrows(
                StatusRuntimeException.class,
                () -> producer(channel).produce(sequenced(topic, id, 0)));
        assertEquals(before + 1, value(series));
    }

    private static ProduceRequest sequenced(String topic, long producerId, int epoch) {
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .setProducer(
                        ProducerSequence.newBuilder()
                                .setProducerId(producerId)
                                .setProducerEpoch(epoch))
                .addRecords(record("v"))
                .build();
    }

    @Test
    void errors_are_counted_by_their_name() {
        String series = "ackgate_produce_errors_total{error=\"UNKNOWN_TOPIC_OR_PARTITION\"}";
        double before = value(series);
        Assertions.assertThrows(StatusRuntimeException.class, () -> produce("nope", Acks.ACKS_ALL));
        assertEquals(before + 1, value(series));
    }

    private void produce(String topic, Acks acks) {
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .setPartition(0)
                                .setAcks(acks)
                                .addRecords(record("v"))
                                .build());
    }

    /** The value of a series; -1 if there is no such. */
    private static double value(String series) {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(-1);
    }
}
