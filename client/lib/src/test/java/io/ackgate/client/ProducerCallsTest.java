package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway.Fault;
import io.ackgate.record.Murmur2;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Partitions, batches and the calls around sending: linger, flush, close, callbacks. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProducerCallsTest extends ProducerFixture {
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
        assertEquals(WriteStatus.NOT_WRITTEN, blocked.writeStatus());
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
    void a_record_is_sent_without_a_subscriber() {
        start(quick());
        var _ = producer().send(ProducerRecord.of("t", null, "nobody asks"));
        producer().flush();
        assertEquals(List.of("nobody asks"), gateway.values("t", 0));
    }

    @Test
    void a_record_is_sent_once_however_many_subscribe() {
        start(quick());
        var outcome = producer().send(ProducerRecord.of("t", null, "x"));
        outcome.subscribe().with(_ -> {}, _ -> {}).cancel();
        assertEquals(0, outcome.await().indefinitely().offset());
        assertEquals(
                0, outcome.onItem().ignore().andSwitchTo(outcome).await().indefinitely().offset());
        producer().flush();
        assertEquals(List.of("x"), gateway.values("t", 0));
    }

    @Test
    void a_failure_is_told_again_and_the_record_not_sent_again() {
        start(quick());
        gateway.next(Fault.POLICY_VIOLATION);
        var outcome = producer().send(ProducerRecord.of("t", null, "bad"));
        for (int i = 0; i < 2; i++) {
            DeliveryException error =
                    assertThrows(DeliveryException.class, () -> outcome.await().indefinitely());
            assertEquals("POLICY_VIOLATION", error.code());
        }
        assertEquals(1, gateway.requests.size());
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
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure(waiting).writeStatus());
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
    void a_callback_that_throws_an_error_leaves_no_other_untold() {
        start(quick().linger(Duration.ofMillis(200)));
        producer()
                .send(
                        ProducerRecord.of("t", null, "a"),
                        (metadata, error) -> {
                            throw new AssertionError("careless");
                        });
        CompletableFuture<RecordMetadata> second = send("t", "b");
        assertEquals(1, second.orTimeout(30, TimeUnit.SECONDS).join().offset());
        assertEquals(1, gateway.requests.size(), "both were in one batch");
    }

    @Test
    void a_callback_that_throws_does_not_keep_close_from_its_end() {
        // Nobody serves, so that the records wait for their partition until the end.
        connect(quick().build(), gateway.channels());
        producer()
                .send(
                        ProducerRecord.of("t", null, "a"),
                        (metadata, error) -> {
                            throw new IllegalStateException("careless");
                        });
        CompletableFuture<RecordMetadata> second = send("t", "b");
        closeNow().join();
        assertEquals("PRODUCER_CLOSED", failure(second).code());
    }

    @Test
    void close_gives_room_to_those_who_wait_for_it() {
        start(quick().bufferMemory(10_000).batchSize(5_000).maxBlock(Duration.ofMinutes(10)));
        gateway.always(() -> Fault.SILENCE);
        byte[] large = new byte[8_000];
        CompletableFuture<RecordMetadata> onTheWire = send(ProducerRecord.of("t", null, large));
        while (gateway.values("t", 0).isEmpty()) {
            Thread.onSpinWait();
        }
        CompletableFuture<RecordMetadata> waiting = new CompletableFuture<>();
        Thread caller =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () ->
                                        producer()
                                                .send(
                                                        ProducerRecord.of("t", null, large),
                                                        (_, e) ->
                                                                waiting.completeExceptionally(e)));
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        closeNow().join();
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure(onTheWire).writeStatus());
        DeliveryException why = failure(waiting.orTimeout(30, TimeUnit.SECONDS));
        assertEquals("PRODUCER_CLOSED", why.code());
        assertEquals(WriteStatus.NOT_WRITTEN, why.writeStatus());
    }

    private CompletableFuture<Void> closeNow() {
        return CompletableFuture.runAsync(() -> producer().close(Duration.ZERO))
                .orTimeout(30, TimeUnit.SECONDS);
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
}
