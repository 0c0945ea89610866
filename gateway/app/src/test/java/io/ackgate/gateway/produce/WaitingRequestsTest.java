package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.grpc.ProduceMessages;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.record.Compression;
import io.ackgate.v1.Acks;
import io.ackgate.v1.ProduceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What waits behind batches that are opened is bounded, in memory and in time. */
class WaitingRequestsTest extends ProducingFixture {
    private static ProduceRequest.Builder large(int partition) {
        return request(partition, CompressedBatch.ofZeros(Compression.NONE, 1, 100_000));
    }

    @Test
    void the_timeout_runs_while_a_batch_waits_to_be_opened() {
        send(request(1, Compression.LZ4).setTimeoutMs(100));
        send(request(1, Compression.NONE).setTimeoutMs(100));
        pass(30);
        threads.runAll();
        assertEquals(
                List.of(70L, 70L),
                runtime.given.stream()
                        .map(batch -> TimeUnit.NANOSECONDS.toMillis(batch.timeoutNanos()))
                        .toList());
    }

    @Test
    void a_timeout_that_runs_out_is_told_before_the_turn_has_come() {
        send(request(1, Compression.GZIP).setTimeoutMs(200));
        send(request(1, Compression.NONE).setTimeoutMs(100));
        send(request(1, garbage()).setTimeoutMs(100));
        producing.produce(
                Caller.ANONYMOUS,
                ProduceMessages.command(request(2, garbage()).setTimeoutMs(100).build()),
                answers::add);
        send(request(1, Compression.GZIP).setTimeoutMs(0));
        pass(99);
        waiting.tellLate();
        assertEquals(List.of(), answers);
        pass(1);
        waiting.tellLate();
        assertEquals(3, answers.size());
        for (ProduceAnswer answer : answers) {
            assertRefused(ErrorCode.REQUEST_TIMED_OUT, answer);
            assertEquals("timeout_ms", failure(answer).field());
            assertTrue(
                    failure(answer).detail().contains("for all of its timeout_ms=100 behind"),
                    failure(answer).detail());
        }
        threads.runAll();
        waiting.tellLate();
        assertEquals(List.of(1, 1), sent());
        assertEquals(3, answers.size());
        assertNothingWaits();
    }

    @Test
    void what_is_late_when_its_turn_comes_is_not_opened_and_not_sent() {
        send(request(1, garbage()).setTimeoutMs(100));
        send(request(1, Compression.NONE).setTimeoutMs(100));
        send(request(1, Compression.NONE).setTimeoutMs(101));
        pass(100);
        threads.runAll();
        assertEquals(List.of(1), sent());
        assertEquals(2, answers.size());
        answers.forEach(answer -> assertRefused(ErrorCode.REQUEST_TIMED_OUT, answer));
        assertNothingWaits();
    }

    @Test
    void what_did_not_wait_is_sent_however_small_its_timeout_is() {
        for (Acks acks : List.of(Acks.ACKS_NONE, Acks.ACKS_LEADER, Acks.ACKS_ALL)) {
            Producing.TakenRequest taken =
                    take(request(1, Compression.NONE).setAcks(acks).setTimeoutMs(1));
            pass(5);
            queue.send(taken, answers::add);
        }
        assertEquals(List.of(1, 1, 1), sent());
        assertEquals(List.of(), answers);
    }

    @Test
    void what_waits_behind_a_batch_that_is_opened_is_bounded_over_all_streams() {
        List<SendQueue> streams = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SendQueue stream = new SendQueue(Runnable::run);
            stream.send(take(request(0, Compression.GZIP)), answers::add);
            streams.add(stream);
        }
        for (SendQueue stream : streams) {
            for (int i = 0; i < 5; i++) {
                stream.send(take(large(0)), answers::add);
                assertTrue(waiting.bytes() <= MAX_WAITING_BYTES, waiting.bytes() + " bytes");
            }
        }
        int refused = answers.size();
        assertTrue(refused > 90, refused + " were refused");
        answers.forEach(answer -> assertRefused(ErrorCode.THROTTLING_QUOTA_EXCEEDED, answer));
        threads.runAll();
        assertEquals(120 - refused, sent().size());
        assertNothingWaits();
    }

    @Test
    void a_flooded_topic_leaves_room_for_others_to_wait() {
        for (int i = 0; i < 50; i++) {
            send(request(0, Compression.GZIP));
            send(large(0));
        }
        assertFalse(answers.isEmpty());
        answers.clear();
        send(request(0, Compression.GZIP).setTopic("others"));
        send(large(0).setTopic("others"));
        assertEquals(List.of(), answers);
        threads.runAll();
        assertNothingWaits();
    }

    @Test
    void small_requests_count_with_what_they_hold_beside_their_batches() {
        for (int i = 0; i < 10_000; i++) {
            send(request(0, Compression.GZIP));
        }
        assertTrue(answers.size() > 9_000, answers.size() + " were refused");
    }

    @Test
    void what_a_stream_leaves_behind_is_dropped_at_once_and_not_opened() {
        List<Runnable> turns = new ArrayList<>();
        SendQueue stream = new SendQueue(turns::add);
        List<Cancellable> open = new ArrayList<>();
        open.add(stream.send(take(request(1, Compression.GZIP)), answers::add));
        threads.runAll();
        turns.forEach(Runnable::run);
        turns.clear();
        open.add(stream.send(take(request(1, Compression.GZIP)), answers::add));
        threads.runAll();
        open.add(stream.send(take(request(1, Compression.GZIP)), answers::add));
        open.add(stream.send(take(request(1, Compression.NONE)), answers::add));
        open.add(stream.send(take(request(2, garbage())), answers::add));
        open.add(
                producing.produce(
                        Caller.ANONYMOUS,
                        ProduceMessages.command(request(3, Compression.LZ4).build()),
                        answers::add));
        assertEquals(List.of(1), sent());
        open.forEach(Cancellable::cancel);
        assertNothingWaits();
        send(4, Compression.LZ4);
        threads.runAll();
        List.copyOf(turns).forEach(Runnable::run);
        open.forEach(Cancellable::cancel);
        assertEquals(List.of(1, 4), sent());
        assertEquals(List.of(), answers);
        assertNothingWaits();
    }

    @Test
    void one_that_is_dropped_lets_those_behind_it_go() {
        Cancellable first = send(1, Compression.GZIP);
        send(1, Compression.NONE);
        first.cancel();
        assertEquals(List.of(1), sent());
        threads.runAll();
        assertEquals(List.of(1), sent());
        assertNothingWaits();
    }
}
