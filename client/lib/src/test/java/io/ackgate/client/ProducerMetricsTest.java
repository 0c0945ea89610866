package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application hears to count, and batches that are sent compressed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProducerMetricsTest extends ProducerFixture {
    /** All that was heard, in order. */
    private static final class Heard implements ProducerMetrics {
        final List<String> lines = new ArrayList<>();
        int bytes;

        @Override
        public synchronized void onSent(Attempt attempt, int inFlight) {
            bytes += attempt.bytes();
            lines.add(
                    "sent %s-%d: %d, attempt %d, %d in flight"
                            .formatted(
                                    attempt.topic(),
                                    attempt.partition(),
                                    attempt.records(),
                                    attempt.number(),
                                    inFlight));
        }

        @Override
        public synchronized void onAnswered(
                Attempt attempt, @Nullable String error, long nanos, int inFlight) {
            assertTrue(nanos > 0);
            lines.add("answered %s, %d in flight".formatted(error, inFlight));
        }

        @Override
        public synchronized void onDelivered(
                String topic,
                int partition,
                int records,
                @Nullable DeliveryException error,
                long nanos) {
            lines.add(
                    "delivered %s-%d: %d %s"
                            .formatted(
                                    topic,
                                    partition,
                                    records,
                                    error == null ? "well" : error.code()));
        }
    }

    private final Heard heard = new Heard();

    @Test
    void attempts_answers_and_outcomes_are_heard() {
        start(quick().metrics(heard));
        gateway.next(Fault.NOT_ENOUGH_REPLICAS, Fault.NONE, Fault.BREAK_AFTER);
        send("t", "a").join();
        send("t", "b").join();
        failure(send("nowhere", "c"));
        producer().flush();
        assertEquals(
                List.of(
                        "sent t-0: 1, attempt 1, 1 in flight",
                        "answered NOT_ENOUGH_REPLICAS, 0 in flight",
                        "sent t-0: 1, attempt 2, 1 in flight",
                        "answered null, 0 in flight",
                        "delivered t-0: 1 well",
                        "sent t-0: 1, attempt 1, 1 in flight",
                        "answered NETWORK_EXCEPTION, 0 in flight",
                        "sent t-0: 1, attempt 2, 1 in flight",
                        "answered null, 0 in flight",
                        "delivered t-0: 1 well",
                        "delivered nowhere--1: 1 UNKNOWN_TOPIC_OR_PARTITION"),
                heard.lines);
        assertEquals(
                gateway.requests.stream().mapToInt(r -> r.getRecordBatch().size()).sum(),
                heard.bytes);
    }

    @Test
    void metrics_that_throw_stop_nothing() {
        start(
                quick().metrics(
                                new ProducerMetrics() {
                                    @Override
                                    public void onSent(Attempt attempt, int inFlight) {
                                        throw new IllegalStateException("careless");
                                    }
                                }));
        assertEquals(0, send("t", "a").join().offset());
    }

    @Test
    void gzip_sends_fewer_bytes_and_the_same_records() {
        start(
                quick().compression(CompressionType.GZIP)
                        .linger(Duration.ofMillis(200))
                        .metrics(heard));
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            values.add("a value that repeats itself " + i);
            producer().sendAndForget(ProducerRecord.of("t", null, values.getLast()));
        }
        producer().flush();
        assertEquals(values, gateway.values("t", 0));
        assertTrue(heard.bytes < 6_000, () -> heard.bytes + " bytes");
    }

    @Test
    void compressed_batches_are_taken_apart_too() {
        start(quick().compression(CompressionType.GZIP).linger(Duration.ofMillis(200)));
        send("t", "first").join();
        gateway.maxMessageBytes("t", 400);
        List<String> values = new ArrayList<>(List.of("first"));
        for (int i = 0; i < 500; i++) {
            values.add("a value that repeats itself " + i);
            producer().sendAndForget(ProducerRecord.of("t", null, values.getLast()));
        }
        producer().flush();
        assertEquals(values, gateway.values("t", 0));
    }
}
