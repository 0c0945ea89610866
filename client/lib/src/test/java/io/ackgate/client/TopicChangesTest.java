package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.Murmur2;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that changes while a producer writes to it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TopicChangesTest extends ProducerFixture {
    @Test
    void a_lowered_limit_refuses_no_record_that_it_allows() {
        start(quick().batchSize(900_000).linger(Duration.ofMillis(20)));
        String padding = "x".repeat(10_000);
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        for (int i = 0; i < 1_600; i++) {
            results.add(send("t", i + padding));
            if (i == 400) {
                results.getFirst().join();
                gateway.maxMessageBytes("t", 102_400);
            }
        }
        producer().flush();
        for (int i = 0; i < 1_600; i++) {
            assertEquals(i, results.get(i).join().offset());
        }
        assertEquals(
                IntStream.range(0, 1_600).mapToObj(i -> i + padding).toList(),
                gateway.values("t", 0));
        int requests = gateway.requests.size();
        send("t", "y".repeat(90_000)).join();
        assertEquals(requests + 1, gateway.requests.size(), "the limit is known by now");
        assertEquals("MESSAGE_TOO_LARGE", failure(send("t", "z".repeat(110_000))).code());
    }

    @Test
    void a_topic_created_anew_with_fewer_partitions_takes_records_where_its_keys_say() {
        start(quick());
        for (int i = 0; i < 40; i++) {
            send(ProducerRecord.of("wide", "key " + i, "old")).join();
        }
        gateway.delete("wide");
        gateway.topic("wide", 2);
        int failed = 0;
        for (int i = 0; i < 40; i++) {
            boolean written = false;
            while (!written) {
                try {
                    send(ProducerRecord.of("wide", "key " + i, "new " + i)).join();
                    written = true;
                } catch (CompletionException e) {
                    DeliveryException why = assertInstanceOf(DeliveryException.class, e.getCause());
                    assertEquals("UNKNOWN_TOPIC_OR_PARTITION", why.code());
                    assertEquals(WriteStatus.NOT_WRITTEN, why.writeStatus());
                    failed++;
                }
            }
        }
        assertTrue(failed > 0, "the old partitions were never tried");
        List<String> there = new ArrayList<>(gateway.values("wide", 0));
        there.addAll(gateway.values("wide", 1));
        assertEquals(40, there.size());
        String last = "new 39";
        byte[] key = "key 39".getBytes(StandardCharsets.UTF_8);
        assertTrue(gateway.values("wide", Murmur2.partitionForKey(key, 2)).contains(last));
    }
}
