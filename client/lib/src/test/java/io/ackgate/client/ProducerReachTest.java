package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.producer.FakeGateway.Fault;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that is late, gone, or breaks again and again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProducerReachTest extends ProducerFixture {
    @Test
    void a_gateway_that_starts_late_gets_everything() throws InterruptedException {
        CountDownLatch refused = new CountDownLatch(1);
        connect(
                quick().build(),
                (endpoint, loops) -> {
                    ManagedChannel channel = gateway.channel();
                    whenRefused(channel, refused::countDown);
                    return channel;
                });
        CompletableFuture<RecordMetadata> result = send("t", "early");
        refused.await();
        assertFalse(result.isDone());
        gateway.start();
        assertEquals(0, result.join().offset());
    }

    private static void whenRefused(ManagedChannel channel, Runnable then) {
        ConnectivityState state = channel.getState(false);
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
            then.run();
        } else if (state != ConnectivityState.SHUTDOWN) {
            channel.notifyWhenStateChanged(state, () -> whenRefused(channel, then));
        }
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
        assertEquals(WriteStatus.NOT_WRITTEN, error.writeStatus());
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
