package io.ackgate.gateway.metrics;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.Acks;
import io.ackgate.v1.ProduceRequest;
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
                        "ackgate_takeover_seconds_count",
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
