package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.wire.ChannelFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The consumer and the ways on which it reaches a gateway, over sockets. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConsumerReachTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final FakeGateway gateway = new FakeGateway().topic("t", 1).topic("many", 250);
    private final FakeConsumption consumption = new FakeConsumption(gateway, 10);

    @BeforeEach
    void start() {
        gateway.with(consumption).startOnSocket();
    }

    @Test
    @Tag("slow")
    void streams_that_a_connection_keeps_back_are_opened_over_others() {
        gateway.stop();
        gateway.streamsPerConnection = 30;
        gateway.startOnSocket();
        write("many", 250, "x");
        try (AckgateConsumer consumer = consumer(gateway.address());
                RecordStream stream =
                        consumer.read("many", List.of(), new StartAt.Earliest(), false)) {
            Set<Integer> seen = new HashSet<>();
            while (seen.size() < 250) {
                ConsumedRecord record = stream.next(LONG);
                assertNotNull(record, () -> "only " + seen.size() + " partitions are read");
                assertTrue(seen.add(record.partition()));
            }
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void write(String topic, int partitions, String value) {
        ProducerConfig config =
                ProducerConfig.builder().bootstrapServers(gateway.address()).build();
        try (AckgateProducer producer = new AckgateProducer(config)) {
            for (int p = 0; p < partitions; p++) {
                producer.sendAndForget(ProducerRecord.of(topic, null, value).toPartition(p));
            }
        }
    }

    private static AckgateConsumer consumer(String... addresses) {
        return new AckgateConsumer(
                Endpoint.listOf(String.join(",", addresses)),
                Duration.ofSeconds(10),
                ChannelFactory.NETTY);
    }

    private static String next(RecordStream stream) {
        ConsumedRecord record = stream.next(LONG);
        assertNotNull(record, "no record came");
        return new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
    }

    @Test
    void more_partitions_are_followed_than_a_connection_carries_streams() {
        write("many", 250, "x");
        try (AckgateConsumer consumer = consumer(gateway.address());
                RecordStream stream =
                        consumer.read("many", List.of(), new StartAt.Earliest(), false)) {
            Set<Integer> seen = new HashSet<>();
            while (seen.size() < 250) {
                ConsumedRecord record = stream.next(LONG);
                assertNotNull(record, () -> "only " + seen.size() + " partitions are read");
                assertTrue(seen.add(record.partition()));
            }
            consumer.commit("g", "many", stream.positions());
            assertEquals(250, consumption.committed("g").size());
        }
    }

    @Test
    @Tag("slow")
    void the_second_address_is_asked_when_the_first_is_silent() {
        write("t", 1, "x");
        try (SilentPath silent = new SilentPath(null);
                AckgateConsumer consumer = consumer(silent.address(), gateway.address());
                RecordStream stream =
                        consumer.read("t", List.of(), new StartAt.Earliest(), false)) {
            assertEquals("x", next(stream));
        }
    }

    @Test
    @Tag("slow")
    void a_producer_goes_on_to_the_second_address_when_the_first_is_silent() {
        try (SilentPath silent = new SilentPath(null);
                AckgateProducer producer =
                        new AckgateProducer(
                                ProducerConfig.builder()
                                        .bootstrapServers(
                                                silent.address() + "," + gateway.address())
                                        .deliveryTimeout(Duration.ofSeconds(60))
                                        .build())) {
            RecordMetadata metadata =
                    producer.send(ProducerRecord.of("t", null, "x")).await().atMost(LONG);
            assertEquals(0, metadata.offset());
        }
    }

    @Test
    @Tag("slow")
    void a_path_that_falls_silent_is_left_and_nothing_is_missing_or_repeated() {
        write("t", 1, "before");
        try (SilentPath path = new SilentPath(Endpoint.of(gateway.address()));
                AckgateConsumer consumer = consumer(path.address(), gateway.address());
                RecordStream stream =
                        consumer.read("t", List.of(), new StartAt.Earliest(), false)) {
            assertEquals("before", next(stream));
            path.fallSilent();
            write("t", 1, "after");
            assertEquals("after", next(stream));
            assertEquals(0, Objects.requireNonNull(stream.positions().get(0)) - 2);
        }
    }
}
