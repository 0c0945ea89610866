package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a record when answers are refusals, come late, or not at all. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AckgateProducerTest extends ProducerFixture {
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
        assertEquals(WriteStatus.NOT_WRITTEN, error.writeStatus());
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
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, error.writeStatus());
    }

    @Test
    void what_follows_a_refused_batch_is_written_all_the_same() {
        start(quick());
        gateway.next(Fault.POLICY_VIOLATION);
        DeliveryException error = failure(send("t", "refused"));
        assertEquals("POLICY_VIOLATION", error.code());
        assertEquals(WriteStatus.NOT_WRITTEN, error.writeStatus());
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
        assertEquals(
                WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure(send("t", "unknown")).writeStatus());
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
        assertEquals(WriteStatus.NOT_WRITTEN, error.writeStatus());
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
        assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure(send("t", "gone")).writeStatus());
        assertEquals(List.of("metric", "gone"), gateway.values("t", 0));
    }
}
