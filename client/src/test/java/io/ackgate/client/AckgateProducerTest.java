package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.producer.FakeGateway.Fault;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.record.Murmur2;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The producer against a gateway that misbehaves. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AckgateProducerTest {
    private final FakeGateway gateway = new FakeGateway().topic("t", 1).topic("wide", 8);
    private @Nullable AckgateProducer started;

    private static ProducerConfig.Builder quick() {
        return ProducerConfig.builder()
                .retryBackoff(Duration.ofMillis(5))
                .retryBackoffMax(Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(5))
                .deliveryTimeout(Duration.ofSeconds(20));
    }

    private AckgateProducer start(ProducerConfig.Builder config) {
        gateway.start();
        return connect(config.build(), gateway.channels());
    }

    private AckgateProducer connect(ProducerConfig config, ChannelFactory channels) {
        AckgateProducer connected = new AckgateProducer(config, channels);
        started = connected;
        return connected;
    }

    private AckgateProducer producer() {
        return Objects.requireNonNull(started);
    }

    @AfterEach
    void closeAll() {
        if (started != null) {
            started.close(Duration.ZERO);
        }
        gateway.close();
    }

    private CompletableFuture<RecordMetadata> send(ProducerRecord record) {
        CompletableFuture<RecordMetadata> result = new CompletableFuture<>();
        producer()
                .send(
                        record,
                        (metadata, error) -> {
                            boolean first =
                                    error == null
                                            ? result.complete(metadata)
                                            : result.completeExceptionally(error);
                            assertTrue(first, "told twice");
                        });
        return result;
    }

    private CompletableFuture<RecordMetadata> send(String topic, String value) {
        return send(ProducerRecord.of(topic, null, value));
    }

    private static DeliveryException failure(CompletableFuture<?> result) {
        Throwable cause = assertThrows(CompletionException.class, result::join).getCause();
        return assertInstanceOf(DeliveryException.class, cause);
    }

    @Test
    void every_record_is_told_its_offset() {
        start(quick());
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            results.add(send("t", "value " + i));
        }
        producer().flush();
        for (int i = 0; i < 1_000; i++) {
            RecordMetadata metadata = results.get(i).join();
            assertEquals(i, metadata.offset());
            assertEquals("t", metadata.topic());
            assertEquals(0, metadata.partition());
            assertFalse(metadata.duplicate());
        }
        assertEquals("value 999", gateway.values("t", 0).get(999));
        assertTrue(gateway.requests.size() < 1_000, "nothing was batched");
    }

    @Test
    void a_lost_answer_is_retried_and_written_once() {
        start(quick());
        gateway.next(Fault.BREAK_AFTER);
        RecordMetadata metadata = send("t", "once").join();
        assertEquals(0, metadata.offset());
        assertTrue(metadata.duplicate());
        assertEquals(List.of("once"), gateway.values("t", 0));
        assertEquals(2, gateway.streams);
        assertEquals(
                gateway.requests.get(0).getRecordBatch(), gateway.requests.get(1).getRecordBatch());
    }

    @Test
    void a_silent_gateway_is_given_up_and_the_retry_recognised() {
        start(quick().requestTimeout(Duration.ofMillis(100)));
        gateway.next(Fault.SILENCE);
        assertTrue(send("t", "once").join().duplicate());
        assertEquals(List.of("once"), gateway.values("t", 0));
    }

    @Test
    void replicas_that_come_back_in_time_go_unnoticed() {
        start(quick());
        gateway.next(
                Fault.NOT_ENOUGH_REPLICAS,
                Fault.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                Fault.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertEquals(0, send("t", "patient").join().offset());
        assertEquals(List.of("patient"), gateway.values("t", 0));
    }

    @Test
    void without_replicas_the_delivery_times_out_as_not_written() {
        start(
                quick().requestTimeout(Duration.ofMillis(100))
                        .deliveryTimeout(Duration.ofMillis(300)));
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS);
        long start = System.nanoTime();
        DeliveryException error = failure(send("t", "lost"));
        long tookMillis = (System.nanoTime() - start) / 1_000_000;
        assertEquals("NOT_ENOUGH_REPLICAS", error.code());
        assertEquals(Fate.NOT_WRITTEN, error.fate());
        assertTrue(error.retriable());
        assertTrue(error.attempts() > 1, error::toString);
        assertTrue(error.toString().contains("delivery.timeout.ms=300"), error::toString);
        assertTrue(tookMillis >= 295 && tookMillis < 5_000, "took " + tookMillis + " ms");
    }

    @Test
    void an_unknown_attempt_makes_the_end_unknown() {
        start(
                quick().requestTimeout(Duration.ofMillis(100))
                        .deliveryTimeout(Duration.ofMillis(400)));
        gateway.next(Fault.NOT_ENOUGH_REPLICAS, Fault.BREAK_BEFORE);
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS);
        DeliveryException error = failure(send("t", "who knows"));
        assertEquals("NOT_ENOUGH_REPLICAS", error.code());
        assertEquals(Fate.MAY_HAVE_BEEN_WRITTEN, error.fate());
    }

    @Test
    void what_follows_a_refused_batch_is_written_all_the_same() {
        start(quick());
        gateway.next(Fault.POLICY_VIOLATION);
        DeliveryException error = failure(send("t", "refused"));
        assertEquals("POLICY_VIOLATION", error.code());
        assertEquals(Fate.NOT_WRITTEN, error.fate());
        assertEquals(1, error.attempts());
        assertEquals(0, send("t", "welcome").join().offset());
        assertEquals(List.of("welcome"), gateway.values("t", 0));
    }

    @Test
    void what_follows_an_unknown_end_is_written_once() {
        start(
                quick().requestTimeout(Duration.ofMillis(100))
                        .deliveryTimeout(Duration.ofMillis(300)));
        gateway.next(Fault.BREAK_AFTER);
        gateway.always(() -> Fault.BREAK_BEFORE);
        assertEquals(Fate.MAY_HAVE_BEEN_WRITTEN, failure(send("t", "unknown")).fate());
        gateway.always(() -> Fault.NONE);
        assertEquals(1, send("t", "known").join().offset());
        assertEquals(List.of("unknown", "known"), gateway.values("t", 0));
    }

    @Test
    void a_gateway_that_forgot_the_producer_gets_a_new_one() {
        start(quick());
        send("t", "a").join();
        gateway.forgetProducers();
        assertEquals(1, send("t", "b").join().offset());
        assertEquals(List.of("a", "b"), gateway.values("t", 0));
    }

    @Test
    void an_unknown_topic_is_told_at_once() {
        start(quick());
        DeliveryException error = failure(send("nowhere", "x"));
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", error.code());
        assertEquals(Fate.NOT_WRITTEN, error.fate());
        assertEquals(0, error.attempts());
        gateway.topic("nowhere", 1);
        assertEquals(0, send("nowhere", "y").join().offset());
    }

    @Test
    void a_partition_that_is_not_there_is_told() {
        start(quick());
        DeliveryException error = failure(send(ProducerRecord.of("t", null, "x").toPartition(1)));
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", error.code());
        assertTrue(error.toString().contains("partitions 0 to 0, not 1"), error::toString);
    }

    @Test
    void a_record_beyond_the_topics_limit_is_refused_here() {
        start(quick());
        byte[] large = new byte[1_048_588];
        DeliveryException error = failure(send(ProducerRecord.of("t", null, large)));
        assertEquals("MESSAGE_TOO_LARGE", error.code());
        byte[] fits = new byte[1_040_000];
        assertEquals(0, send(ProducerRecord.of("t", null, fits)).join().offset());
    }

    @Test
    void keys_choose_partitions_as_kafka_does_and_keep_their_order() {
        start(quick());
        for (int i = 0; i < 400; i++) {
            producer().sendAndForget(ProducerRecord.of("wide", "key " + i % 40, i % 40 + " " + i));
        }
        producer().flush();
        for (int p = 0; p < 8; p++) {
            int partition = p;
            List<String> expected =
                    IntStream.range(0, 400)
                            .filter(
                                    i ->
                                            Murmur2.partitionForKey(
                                                            ("key " + i % 40)
                                                                    .getBytes(
                                                                            StandardCharsets.UTF_8),
                                                            8)
                                                    == partition)
                            .mapToObj(i -> i % 40 + " " + i)
                            .toList();
            assertEquals(expected, gateway.values("wide", p));
        }
    }

    @Test
    void records_without_keys_fill_batches_rather_than_partitions() {
        start(quick().batchSize(16_384).linger(Duration.ofMillis(20)));
        byte[] kilobyte = new byte[1_000];
        for (int i = 0; i < 1_000; i++) {
            producer().sendAndForget(ProducerRecord.of("wide", null, kilobyte));
        }
        producer().flush();
        long used = IntStream.range(0, 8).filter(p -> !gateway.values("wide", p).isEmpty()).count();
        assertTrue(used > 4, "only " + used + " partitions were used");
        assertTrue(gateway.requests.size() < 200, gateway.requests.size() + " requests");
    }

    @Test
    void flush_does_not_linger() {
        start(quick().linger(Duration.ofSeconds(10)));
        CompletableFuture<RecordMetadata> result = send("t", "x");
        producer().flush();
        assertTrue(result.isDone());
        assertEquals(0, result.join().offset());
    }

    @Test
    void linger_waits_for_company() {
        start(quick().linger(Duration.ofMillis(200)));
        send("t", "first").join();
        gateway.requests.clear();
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            results.add(send("t", "x" + i));
        }
        results.forEach(CompletableFuture::join);
        assertEquals(1, gateway.requests.size());
    }

    @Test
    void a_full_buffer_is_told_and_nothing_is_written() {
        start(quick().bufferMemory(10_000).batchSize(5_000).maxBlock(Duration.ofMillis(50)));
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS);
        byte[] large = new byte[4_000];
        CompletableFuture<RecordMetadata> first = send(ProducerRecord.of("t", null, large));
        CompletableFuture<RecordMetadata> second = send(ProducerRecord.of("t", null, large));
        long start = System.nanoTime();
        DeliveryException blocked = failure(send(ProducerRecord.of("t", null, large)));
        assertEquals("BUFFER_EXHAUSTED", blocked.code());
        assertEquals(Fate.NOT_WRITTEN, blocked.fate());
        assertTrue(System.nanoTime() - start >= 50_000_000L, "it did not wait for room");
        DeliveryException atOnce =
                assertThrows(
                        DeliveryException.class,
                        () ->
                                producer()
                                        .send(ProducerRecord.of("t", null, large))
                                        .await()
                                        .indefinitely());
        assertEquals("BUFFER_EXHAUSTED", atOnce.code());
        gateway.always(() -> Fault.NONE);
        assertEquals(0, first.join().offset());
        assertEquals(1, second.join().offset());
        assertEquals(
                2,
                producer()
                        .send(ProducerRecord.of("t", null, large))
                        .await()
                        .indefinitely()
                        .offset());
    }

    @Test
    void a_uni_sends_on_subscription() {
        start(quick());
        var uni = producer().send(ProducerRecord.of("t", null, "lazy"));
        producer().flush();
        assertEquals(List.of(), gateway.values("t", 0));
        assertEquals(0, uni.await().indefinitely().offset());
        assertEquals(List.of("lazy"), gateway.values("t", 0));
    }

    @Test
    void close_ends_what_is_left_with_its_fate() {
        start(quick());
        gateway.always(() -> Fault.NOT_ENOUGH_REPLICAS);
        CompletableFuture<RecordMetadata> refused = send("t", "refused");
        gateway.always(() -> Fault.SILENCE);
        CompletableFuture<RecordMetadata> waiting = send("wide", "on the wire");
        CompletableFuture<RecordMetadata> unplaced = send("nowhere-yet", "no partition");
        while (gateway.values("wide", 0).isEmpty()
                && IntStream.range(0, 8).allMatch(p -> gateway.values("wide", p).isEmpty())) {
            Thread.onSpinWait();
        }
        producer().close(Duration.ofMillis(50));
        assertEquals("PRODUCER_CLOSED", failure(waiting).code());
        assertEquals(Fate.MAY_HAVE_BEEN_WRITTEN, failure(waiting).fate());
        assertTrue(failure(refused).attempts() > 0);
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", failure(unplaced).code());
        assertThrows(IllegalStateException.class, () -> send("t", "late"));
    }

    @Test
    void close_waits_for_what_is_under_way() {
        start(quick().linger(Duration.ofSeconds(5)));
        CompletableFuture<RecordMetadata> result = send("t", "x");
        producer().close();
        assertTrue(result.isDone());
        assertEquals(0, result.join().offset());
    }

    @Test
    void a_gateway_that_starts_late_gets_everything() throws InterruptedException {
        connect(quick().build(), gateway.channels());
        CompletableFuture<RecordMetadata> result = send("t", "early");
        Thread.sleep(100);
        assertFalse(result.isDone());
        gateway.start();
        assertEquals(0, result.join().offset());
    }

    @Test
    void without_a_gateway_the_delivery_times_out_as_not_written() {
        connect(
                quick().requestTimeout(Duration.ofMillis(50))
                        .deliveryTimeout(Duration.ofMillis(200))
                        .build(),
                gateway.channels());
        DeliveryException error = failure(send("t", "nobody there"));
        assertEquals("NETWORK_EXCEPTION", error.code());
        assertEquals(Fate.NOT_WRITTEN, error.fate());
        assertEquals(0, error.attempts());
    }

    @Test
    void a_gateway_that_died_before_the_send_is_named() {
        start(
                quick().requestTimeout(Duration.ofMillis(50))
                        .deliveryTimeout(Duration.ofMillis(200)));
        send("t", "a").join();
        gateway.stop();
        DeliveryException error = failure(send("t", "b"));
        assertEquals("NETWORK_EXCEPTION", error.code());
        assertTrue(error.toString().contains("127.0.0.1:8080"), error::toString);
    }

    @Test
    void the_next_bootstrap_server_serves_when_the_first_does_not() {
        gateway.start();
        FakeGateway dead = new FakeGateway();
        connect(
                quick().bootstrapServers("127.0.0.1:1,127.0.0.1:2").build(),
                (endpoint, loops) -> (endpoint.port() == 1 ? dead : gateway).channel());
        assertEquals(0, send("t", "x").join().offset());
    }

    @Test
    void acks_below_all_carry_no_sequence() {
        start(quick().acks(Acks.LEADER).enableIdempotence(false));
        assertEquals(0, send("t", "one").join().offset());
        assertEquals(io.ackgate.v1.Acks.ACKS_LEADER, gateway.requests.get(0).getAcks());
        gateway.next(Fault.BREAK_AFTER);
        assertEquals(2, send("t", "two").join().offset());
        assertEquals(List.of("one", "two", "two"), gateway.values("t", 0));
    }

    @Test
    void acks_none_gets_no_offset_and_is_never_written_twice() {
        start(quick().acks(Acks.NONE).enableIdempotence(false));
        assertEquals(RecordMetadata.NO_OFFSET, send("t", "metric").join().offset());
        gateway.next(Fault.BREAK_AFTER);
        assertEquals(Fate.MAY_HAVE_BEEN_WRITTEN, failure(send("t", "gone")).fate());
        assertEquals(List.of("metric", "gone"), gateway.values("t", 0));
    }

    @Test
    void a_dead_letter_hook_gets_the_record_and_why() {
        List<String> letters = new ArrayList<>();
        start(
                quick().deadLetterHook(
                                (record, error) ->
                                        letters.add(
                                                new String(
                                                                Objects.requireNonNull(
                                                                        record.value()),
                                                                StandardCharsets.UTF_8)
                                                        + " "
                                                        + error.code())));
        gateway.next(Fault.POLICY_VIOLATION);
        failure(send("t", "bad"));
        send("t", "good").join();
        assertEquals(List.of("bad POLICY_VIOLATION"), letters);
    }

    @Test
    void a_callback_that_throws_harms_nobody() {
        start(quick());
        producer()
                .send(
                        ProducerRecord.of("t", null, "a"),
                        (metadata, error) -> {
                            throw new IllegalStateException("careless");
                        });
        assertEquals(1, send("t", "b").join().offset());
    }

    @Test
    void a_callback_may_send_but_not_flush() {
        start(quick());
        CompletableFuture<RecordMetadata> second = new CompletableFuture<>();
        CompletableFuture<@Nullable Throwable> flushed = new CompletableFuture<>();
        producer()
                .send(
                        ProducerRecord.of("t", null, "a"),
                        (metadata, error) -> {
                            producer()
                                    .send(
                                            ProducerRecord.of("t", null, "b"),
                                            (m, e) -> second.complete(m));
                            try {
                                producer().flush();
                                flushed.complete(null);
                            } catch (IllegalStateException e) {
                                flushed.complete(e);
                            }
                        });
        assertEquals(1, second.join().offset());
        assertInstanceOf(IllegalStateException.class, flushed.join());
    }

    @Test
    void exactly_once_and_in_order_through_a_storm() {
        SplittableRandom random = new SplittableRandom(20250);
        Fault[] storm = {
            Fault.BREAK_BEFORE,
            Fault.BREAK_AFTER,
            Fault.NOT_ENOUGH_REPLICAS,
            Fault.NOT_ENOUGH_REPLICAS_AFTER_APPEND
        };
        gateway.always(
                () -> random.nextInt(4) == 0 ? storm[random.nextInt(storm.length)] : Fault.NONE);
        start(quick().batchSize(1_024).retryBackoff(Duration.ofMillis(1)));
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            results.add(send(ProducerRecord.of("wide", null, "value " + i).toPartition(i % 8)));
        }
        producer().flush();
        for (int i = 0; i < 4_000; i++) {
            RecordMetadata metadata = results.get(i).join();
            assertTrue(metadata.offset() < 0 || metadata.offset() == i / 8);
        }
        for (int p = 0; p < 8; p++) {
            int partition = p;
            assertEquals(
                    IntStream.range(0, 500).mapToObj(i -> "value " + (i * 8 + partition)).toList(),
                    gateway.values("wide", p));
        }
        assertTrue(
                gateway.duplicates > 5 && gateway.streams > 5,
                () -> gateway.duplicates + " duplicates, " + gateway.streams + " streams");
    }

    @Test
    void a_gateway_that_dies_and_comes_back_has_everything_once() {
        start(quick());
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            results.add(send("t", "value " + i));
            if (i % 10_000 == 5_000) {
                gateway.stop();
                gateway.start();
            }
        }
        producer().flush();
        results.forEach(CompletableFuture::join);
        List<String> values = gateway.values("t", 0);
        assertEquals(30_000, values.size());
        assertEquals(30_000, new HashSet<>(values).size());
        assertNull(
                IntStream.range(0, 30_000)
                        .filter(i -> !values.get(i).equals("value " + i))
                        .boxed()
                        .findFirst()
                        .orElse(null));
    }
}
