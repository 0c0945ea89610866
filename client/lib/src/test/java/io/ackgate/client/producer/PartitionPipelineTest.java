package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.Acks;
import io.ackgate.client.CompressionType;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a partition sends next, case by case. */
class PartitionPipelineTest implements BatchCallbacks {
    private static final long DELIVERY_TIMEOUT_NANOS = 1_000_000_000L;
    private static final long LATER = 500_000_000L;
    private static final GatewayError REPLICAS =
            error("NOT_ENOUGH_REPLICAS", true, WriteStatus.NOT_WRITTEN);
    private static final GatewayError OUT_OF_ORDER =
            error("OUT_OF_ORDER_SEQUENCE_NUMBER", false, WriteStatus.NOT_WRITTEN);
    private static final GatewayError REFUSED =
            error("POLICY_VIOLATION", false, WriteStatus.NOT_WRITTEN);
    private static final GatewayError BROKEN = GatewayError.brokenConnection("test");

    private final ArrayDeque<ProducerBatch> queue = new ArrayDeque<>();
    private final List<String> ended = new ArrayList<>();
    private final List<ProducerBatch> sentBefore = new ArrayList<>();
    private PartitionPipeline pipeline = pipeline(Acks.ALL, 5, Integer.MAX_VALUE);

    private PartitionPipeline pipeline(Acks acks, int maxInFlight, int retries) {
        return new PartitionPipeline(
                new PipelineSettings(
                        acks, acks == Acks.ALL, maxInFlight, retries, DELIVERY_TIMEOUT_NANOS),
                new Backoff(
                        Duration.ofMillis(100), Duration.ofMillis(200), new SplittableRandom(1)),
                this);
    }

    @Override
    public void acknowledged(ProducerBatch batch, Receipt receipt) {
        ended.add("acknowledged at " + receipt.baseOffset());
    }

    @Override
    public void failed(ProducerBatch batch, GatewayError why, WriteStatus writeStatus) {
        ended.add(why.code() + " " + writeStatus);
    }

    private static GatewayError error(String code, boolean retriable, WriteStatus writeStatus) {
        return new GatewayError(code, "test", retriable, writeStatus, 0);
    }

    private ProducerBatch queued() {
        return queued(0);
    }

    private ProducerBatch queued(long createdNanos) {
        ProducerBatch batch =
                new ProducerBatch(
                        new TopicPartition("t", 0),
                        new RecordBatchBuilder(64, 256),
                        CompressionType.NONE,
                        createdNanos);
        batch.append(0, null, new byte[] {1}, RecordHeaders.NONE, null, 0);
        batch.append(0, null, new byte[] {2}, RecordHeaders.NONE, null, 0);
        queue.add(batch);
        return batch;
    }

    private @Nullable ProducerBatch next(long nowNanos) {
        return pipeline.next(nowNanos, _ -> queue.poll());
    }

    private ProducerBatch sent(long nowNanos) {
        return Objects.requireNonNull(next(nowNanos), "nothing was sent");
    }

    private static Receipt at(long offset) {
        return new Receipt(offset, 1, false);
    }

    private void given(int batches) {
        pipeline.give(new ProducerIdentity(7, (short) 0));
        for (int i = 0; i < batches; i++) {
            queued();
            sentBefore.add(sent(0));
        }
    }

    @Test
    void a_batch_that_is_too_large_goes_on_as_its_parts_under_its_sequences() {
        given(2);
        ProducerBatch first = sentBefore.getFirst();
        ProducerBatch second = sentBefore.getLast();
        pipeline.failed(first, error("MESSAGE_TOO_LARGE", false, WriteStatus.NOT_WRITTEN), 0);
        assertNull(next(0), "the one behind it is not answered yet");
        pipeline.failed(second, OUT_OF_ORDER, 0);
        for (int i = 0; i < 2; i++) {
            ProducerBatch part = sent(0);
            assertEquals(1, part.recordCount());
            assertEquals(i, RecordBatch.baseSequence(part.bytes(), 0));
            assertEquals(7, RecordBatch.producerId(part.bytes(), 0));
            pipeline.acknowledged(part, at(i));
        }
        assertSame(second, sent(0));
        assertEquals(2, second.baseSequence);
        pipeline.acknowledged(second, at(2));
        assertEquals(List.of("acknowledged at 0", "acknowledged at 1", "acknowledged at 2"), ended);
        assertTrue(pipeline.isIdle());
    }

    @Test
    void a_record_that_is_too_large_alone_fails_and_those_beside_it_do_not() {
        given(1);
        GatewayError tooLarge = error("MESSAGE_TOO_LARGE", false, WriteStatus.NOT_WRITTEN);
        pipeline.failed(sentBefore.getFirst(), tooLarge, 0);
        pipeline.failed(sent(0), tooLarge, 0);
        ProducerBatch rest = sent(0);
        assertEquals(0, rest.baseSequence);
        pipeline.acknowledged(rest, at(0));
        assertEquals(List.of("MESSAGE_TOO_LARGE not written", "acknowledged at 0"), ended);
    }

    @Test
    void a_batch_that_cannot_be_finished_ends_and_does_not_hold_up_the_next() {
        given(1);
        RecordBatchBuilder builder = new RecordBatchBuilder(64, 256);
        ProducerBatch broken =
                new ProducerBatch(new TopicPartition("t", 0), builder, CompressionType.NONE, 0);
        broken.append(0, null, new byte[] {1}, RecordHeaders.NONE, null, 0);
        builder.build();
        queue.add(broken);
        ProducerBatch behind = queued();
        assertNull(next(0), "the one before is not answered yet");
        pipeline.acknowledged(sentBefore.getFirst(), at(0));
        assertSame(behind, sent(0));
        assertEquals(2, behind.baseSequence, "there is no hole");
        pipeline.acknowledged(behind, at(2));
        assertEquals(
                List.of(
                        "UNKNOWN_SERVER_ERROR not written",
                        "acknowledged at 0",
                        "acknowledged at 2"),
                ended);
        assertTrue(pipeline.isIdle());
    }

    @Test
    void nothing_goes_out_without_an_identity() {
        ProducerBatch batch = queued();
        assertNull(next(0));
        assertTrue(pipeline.wantsIdentity());
        pipeline.give(new ProducerIdentity(7, (short) 3));
        assertSame(batch, next(0));
        assertEquals(7, RecordBatch.producerId(batch.bytes(), 0));
        assertEquals(3, RecordBatch.producerEpoch(batch.bytes(), 0));
        assertEquals(0, RecordBatch.baseSequence(batch.bytes(), 0));
    }

    @Test
    void sequences_count_records_and_five_batches_may_be_unanswered() {
        pipeline.give(new ProducerIdentity(7, (short) 0));
        List<ProducerBatch> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            queued();
            ProducerBatch batch = next(0);
            if (batch != null) {
                assertEquals(2 * i, batch.baseSequence);
                sent.add(batch);
            }
        }
        assertEquals(5, sent.size());
        pipeline.acknowledged(sent.getFirst(), at(0));
        assertEquals(10, sent(0).baseSequence);
        assertEquals(List.of("acknowledged at 0"), ended);
    }

    @Test
    void after_a_failure_all_answers_are_awaited_and_the_first_goes_alone() {
        pipeline.give(new ProducerIdentity(7, (short) 0));
        ProducerBatch first = queued();
        next(0);
        ProducerBatch second = queued();
        next(0);
        ProducerBatch third = queued();
        pipeline.failed(first, REPLICAS, 0);
        assertNull(next(LATER), "the second is unanswered");
        pipeline.failed(second, OUT_OF_ORDER, 0);
        assertNull(next(0), "the first has to back off");
        assertSame(first, next(LATER));
        assertNull(next(LATER), "the first goes alone");
        pipeline.acknowledged(first, at(0));
        assertSame(second, next(LATER));
        assertSame(third, next(LATER), "nothing is left to be sent again");
        assertEquals(0, first.baseSequence);
        assertEquals(2, second.baseSequence);
        assertEquals(4, third.baseSequence);
    }

    @Test
    void a_retry_waits_for_the_longer_of_backoff_and_what_the_gateway_asks() {
        given(1);
        ProducerBatch batch = queued();
        next(0);
        pipeline.failed(
                batch, new GatewayError("X", "test", true, WriteStatus.NOT_WRITTEN, 400), 0);
        assertEquals(400_000_000L, batch.retryAtNanos);
    }

    @Test
    void a_hole_that_surely_is_one_is_filled_under_the_same_identity() {
        pipeline.give(new ProducerIdentity(7, (short) 0));
        ProducerBatch refused = queued();
        next(0);
        ProducerBatch behind = queued();
        next(0);
        pipeline.failed(refused, REFUSED, 0);
        pipeline.failed(behind, OUT_OF_ORDER, 0);
        assertEquals(List.of("POLICY_VIOLATION not written"), ended);
        assertSame(behind, next(0));
        assertFalse(pipeline.wantsIdentity());
        assertEquals(0, RecordBatch.baseSequence(behind.bytes(), 0));
        assertEquals(
                RecordBatch.crc(behind.bytes(), 0),
                RecordBatch.computeCrc(behind.bytes(), 0, behind.bytes().remaining()));
        ProducerBatch fresh = queued();
        pipeline.acknowledged(behind, at(0));
        assertSame(fresh, next(0));
        assertEquals(2, fresh.baseSequence);
    }

    @Test
    void behind_an_unknown_end_another_identity_counts_anew() {
        given(0);
        ProducerBatch unknown = queued();
        next(0);
        pipeline.failed(unknown, BROKEN, 0);
        pipeline.expire(DELIVERY_TIMEOUT_NANOS);
        assertEquals(List.of("NETWORK_EXCEPTION may have been written"), ended);
        ProducerBatch fresh = queued();
        assertNull(next(0));
        assertTrue(pipeline.wantsIdentity());
        assertEquals(new ProducerIdentity(7, (short) 0), pipeline.spentIdentity());
        pipeline.give(new ProducerIdentity(8, (short) 0));
        assertSame(fresh, next(0));
        assertEquals(0, fresh.baseSequence);
        assertEquals(8, RecordBatch.producerId(fresh.bytes(), 0));
    }

    @Test
    void what_may_be_in_the_log_is_asked_for_under_its_own_sequence_first() {
        given(0);
        ProducerBatch expired = queued();
        next(0);
        ProducerBatch unknown = queued(LATER);
        next(LATER);
        pipeline.failed(expired, BROKEN, LATER);
        pipeline.failed(unknown, BROKEN, LATER);
        pipeline.expire(DELIVERY_TIMEOUT_NANOS);
        assertEquals(List.of("NETWORK_EXCEPTION may have been written"), ended);
        assertSame(unknown, next(DELIVERY_TIMEOUT_NANOS));
        assertEquals(2, unknown.baseSequence, "its own sequence");
        pipeline.acknowledged(unknown, at(2));
        queued(DELIVERY_TIMEOUT_NANOS);
        assertEquals(4, sent(DELIVERY_TIMEOUT_NANOS).baseSequence, "there is no hole");
    }

    @Test
    void what_may_be_in_the_log_and_is_refused_there_ends_unknown() {
        given(0);
        ProducerBatch expired = queued();
        next(0);
        ProducerBatch unknown = queued(LATER);
        next(LATER);
        pipeline.failed(expired, BROKEN, LATER);
        pipeline.failed(unknown, BROKEN, LATER);
        pipeline.expire(DELIVERY_TIMEOUT_NANOS);
        assertSame(unknown, next(DELIVERY_TIMEOUT_NANOS));
        pipeline.failed(unknown, OUT_OF_ORDER, DELIVERY_TIMEOUT_NANOS);
        assertEquals(
                List.of(
                        "NETWORK_EXCEPTION may have been written",
                        "OUT_OF_ORDER_SEQUENCE_NUMBER may have been written"),
                ended);
    }

    @Test
    void a_late_acknowledgement_of_an_expired_batch_closes_the_hole() {
        given(0);
        ProducerBatch late = queued();
        next(0);
        pipeline.expire(DELIVERY_TIMEOUT_NANOS);
        assertEquals(List.of("REQUEST_TIMED_OUT may have been written"), ended);
        ProducerBatch fresh = queued();
        assertNull(next(0), "the answer may still come");
        assertFalse(pipeline.isIdle());
        pipeline.acknowledged(late, at(0));
        assertSame(fresh, next(0));
        assertEquals(2, fresh.baseSequence);
        assertEquals(1, ended.size());
    }

    @Test
    void a_sequence_unknown_to_the_gateway_and_maybe_written_ends_unknown() {
        given(0);
        ProducerBatch batch = queued();
        next(0);
        pipeline.failed(batch, BROKEN, 0);
        assertSame(batch, next(LATER));
        pipeline.failed(batch, OUT_OF_ORDER, LATER);
        assertEquals(List.of("OUT_OF_ORDER_SEQUENCE_NUMBER may have been written"), ended);
    }

    @Test
    void retries_are_counted() {
        pipeline = pipeline(Acks.ALL, 5, 2);
        given(0);
        ProducerBatch batch = queued();
        for (int attempt = 0; attempt < 3; attempt++) {
            assertSame(batch, next(LATER * attempt));
            pipeline.failed(batch, REPLICAS, LATER * attempt);
        }
        assertEquals(List.of("NOT_ENOUGH_REPLICAS not written"), ended);
        assertEquals(3, batch.attempts);
    }

    @Test
    void without_idempotence_nothing_is_numbered_and_order_waits_for_answers() {
        pipeline = pipeline(Acks.LEADER, 2, 10);
        ProducerBatch first = queued();
        ProducerBatch second = queued();
        assertSame(first, next(0));
        assertSame(second, next(0));
        assertEquals(RecordBatch.NO_PRODUCER_ID, RecordBatch.producerId(first.bytes(), 0));
        pipeline.failed(first, BROKEN, 0);
        assertNull(next(LATER));
        pipeline.acknowledged(second, at(0));
        assertSame(first, next(LATER));
    }

    @Test
    void with_acks_none_only_what_was_surely_not_written_is_sent_again() {
        pipeline = pipeline(Acks.NONE, 5, 10);
        ProducerBatch batch = queued();
        next(0);
        pipeline.failed(batch, REPLICAS, 0);
        assertSame(batch, next(LATER));
        pipeline.failed(batch, BROKEN, LATER);
        assertEquals(List.of("NETWORK_EXCEPTION may have been written"), ended);
    }

    @Test
    void it_says_when_to_look_again() {
        given(0);
        assertEquals(Long.MAX_VALUE, pipeline.wakeAtNanos(0));
        ProducerBatch batch = queued();
        next(0);
        assertEquals(DELIVERY_TIMEOUT_NANOS, pipeline.wakeAtNanos(0));
        pipeline.failed(batch, REPLICAS, 0);
        assertEquals(batch.retryAtNanos, pipeline.wakeAtNanos(0));
        assertEquals(DELIVERY_TIMEOUT_NANOS, pipeline.wakeAtNanos(LATER));
    }
}
