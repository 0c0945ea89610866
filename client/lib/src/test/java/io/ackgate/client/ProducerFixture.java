package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.wire.ChannelFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** One producer and the gateway that it talks to, which misbehaves as it is told. */
abstract class ProducerFixture {
    final FakeGateway gateway = new FakeGateway().topic("t", 1).topic("wide", 8);
    @Nullable AckgateProducer started;

    static ProducerConfig.Builder quick() {
        return ProducerConfig.builder()
                .retryBackoff(Duration.ofMillis(5))
                .retryBackoffMax(Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(5))
                .deliveryTimeout(Duration.ofSeconds(20));
    }

    AckgateProducer start(ProducerConfig.Builder config) {
        gateway.start();
        return connect(config.build(), gateway.channels());
    }

    AckgateProducer connect(ProducerConfig config, ChannelFactory channels) {
        AckgateProducer connected = new AckgateProducer(config, channels);
        started = connected;
        return connected;
    }

    AckgateProducer producer() {
        return Objects.requireNonNull(started);
    }

    @AfterEach
    void closeAll() {
        if (started != null) {
            started.close(Duration.ZERO);
        }
        gateway.close();
    }

    CompletableFuture<RecordMetadata> send(ProducerRecord record) {
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

    CompletableFuture<RecordMetadata> send(String topic, String value) {
        return send(ProducerRecord.of(topic, null, value));
    }

    static DeliveryException failure(CompletableFuture<?> result) {
        Throwable cause = assertThrows(CompletionException.class, result::join).getCause();
        return assertInstanceOf(DeliveryException.class, cause);
    }
}
