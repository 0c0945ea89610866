package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.record.Compression;
import io.ackgate.record.Murmur2;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stream's requests keep their order per partition, and all of them are answered or sent. */
class SendQueueTest extends ProducingFixture {
    private static ProduceRequest.Builder keyed(int... partitions) {
        ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic("events");
        for (int partition : partitions) {
            request.addRecords(
                    ProducerRecord.newBuilder().setKey(ByteString.copyFromUtf8(keyOf(partition))));
        }
        return request;
    }

    private static String keyOf(int partition) {
        int key = 0;
        while (Murmur2.partitionForKey(("k" + key).getBytes(StandardCharsets.UTF_8), 6)
                != partition) {
            key++;
        }
        return "k" + key;
    }

    @Test
    void plain_batches_wait_for_those_of_their_partition_that_are_opened() {
        send(0, Compression.NONE);
        send(1, Compression.GZIP);
        send(1, Compression.NONE);
        assertEquals(List.of(0), sent());
        threads.runAll();
        send(1, Compression.NONE);
        assertEquals(List.of(0, 1, 1, 1), sent());
        assertEquals(List.of(), answers);
        assertNothingWaits();
    }

    @Test
    void other_partitions_and_topics_do_not_wait_for_a_flood() {
        for (int i = 0; i < 100; i++) {
            send(0, Compression.GZIP);
        }
        send(0, Compression.NONE);
        send(2, Compression.NONE);
        send(request(3, Compression.NONE).setTopic("others"));
        assertEquals(List.of(2, 3), sent());
        send(request(4, Compression.LZ4).setTopic("others"));
        threads.runNext();
        threads.runNext();
        assertEquals(List.of(2, 3, 0, 4), sent());
        threads.runAll();
        assertEquals(105 - 1, sent().size());
        assertNothingWaits();
    }

    @Test
    void a_request_that_is_split_by_key_waits_in_each_of_its_partitions() {
        send(1, Compression.GZIP);
        send(keyed(0, 1));
        send(keyed(0, 2));
        send(3, Compression.NONE);
        assertEquals(List.of(3), sent());
        threads.runAll();
        assertEquals(List.of(3, 1, 0, 1, 0, 2), sent());
        assertNothingWaits();
    }

    /** Requests are known again by their timeouts. */
    @Test
    void each_partition_gets_its_requests_in_order_whatever_waits() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            runtime.given.clear();
            Map<Integer, List<Long>> expected = new HashMap<>();
            for (int i = 0; i < 40; i++) {
                int partition = random.nextInt(6);
                ProduceRequest.Builder request =
                        switch (random.nextInt(3)) {
                            case 0 -> keyed(partition, (partition + 1) % 6);
                            case 1 -> request(partition, Compression.GZIP);
                            default -> request(partition, Compression.NONE);
                        };
                send(request.setTimeoutMs(1_000 + i));
                expected.computeIfAbsent(partition, p -> new ArrayList<>()).add(1_000L + i);
                if (!request.hasPartition()) {
                    expected.computeIfAbsent((partition + 1) % 6, p -> new ArrayList<>())
                            .add(1_000L + i);
                }
                for (int opened = random.nextInt(3); opened > 0; opened--) {
                    threads.runNext();
                }
            }
            threads.runAll();
            Map<Integer, List<Long>> given = new HashMap<>();
            runtime.given.forEach(
                    batch ->
                            given.computeIfAbsent(
                                            batch.partition().partition(), p -> new ArrayList<>())
                                    .add(TimeUnit.NANOSECONDS.toMillis(batch.timeoutNanos())));
            assertEquals(expected, given, "seed " + seed);
            assertNothingWaits();
        }
    }

    @Test
    void one_that_lies_is_answered_and_those_behind_it_are_sent() {
        send(request(1, garbage()));
        send(1, Compression.NONE);
        threads.runAll();
        assertEquals(List.of(1), sent());
        assertRefused(ErrorCode.CORRUPT_MESSAGE, answers.getFirst());
        assertNothingWaits();
    }

    /** An answer waits for its turn, and the timeout may be over by then. */
    @Test
    void one_that_was_refused_is_answered_once_although_it_is_late_too() {
        List<Runnable> turns = new ArrayList<>();
        SendQueue held = new SendQueue(turns::add);
        held.send(take(request(1, garbage()).setTimeoutMs(100)), answers::add);
        threads.runAll();
        held.send(take(request(2, Compression.GZIP).setTimeoutMs(100)), answers::add);
        pass(100);
        threads.runAll();
        waiting.tellLate();
        assertEquals(2, answers.size());
        assertRefused(ErrorCode.CORRUPT_MESSAGE, answers.getFirst());
        assertRefused(ErrorCode.REQUEST_TIMED_OUT, answers.getLast());
        turns.forEach(Runnable::run);
        assertEquals(2, answers.size());
        assertNothingWaits();
    }

    @Test
    void one_that_cannot_be_sent_is_answered_and_those_behind_it_are_sent() {
        failPartition(1);
        send(1, Compression.NONE);
        send(1, Compression.GZIP);
        send(keyed(1, 2));
        threads.runAll();
        assertEquals(List.of(2), sent());
        assertEquals(2, answers.size());
        for (ProduceAnswer answer : answers) {
            Failure failure = failure(answer);
            assertEquals(ErrorCode.UNKNOWN_SERVER_ERROR, failure.code());
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, failure.writeStatus());
        }
        assertNothingWaits();
    }
}
