package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import io.ackgate.client.producer.FakeGateway.Description;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader whose streams broke looks whether its topic is still the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TopicLooksTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final FakeGateway gateway = new FakeGateway().topic("t", 2);
    private final FakeConsumption consumption = new FakeConsumption(gateway, 7);
    private final Set<String> asked = new ConcurrentSkipListSet<>();
    private final AckgateConsumer consumer =
            new AckgateConsumer(
                    Endpoint.listOf("first:1,second:2"),
                    Duration.ofSeconds(2),
                    (endpoint, loops) -> {
                        asked.add(endpoint.toString());
                        return gateway.channel();
                    });

    @BeforeEach
    void startWithRecords() {
        gateway.with(consumption).start();
        write(0, 20);
    }

    private void write(int from, int to) {
        ProducerConfig config = ProducerConfig.builder().build();
        try (AckgateProducer producer = new AckgateProducer(config, gateway.channels())) {
            for (int i = from; i < to; i++) {
                for (int partition = 0; partition < 2; partition++) {
                    producer.sendAndForget(
                            ProducerRecord.of("t", null, "v" + i).toPartition(partition));
                }
            }
        }
    }

    @AfterEach
    void closeAll() {
        consumer.close();
        gateway.close();
    }

    private RecordStream read(Integer... partitions) {
        return consumer.read("t", List.of(partitions), new StartAt.Earliest(), false);
    }

    private static void assertNext(int from, int to, RecordStream stream) {
        List<String> values = new ArrayList<>();
        while (values.size() < to - from) {
            ConsumedRecord record = stream.next(SOON);
            assertNotNull(record, () -> "only " + values + " came");
            values.add(new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8));
        }
        assertEquals(IntStream.range(from, to).mapToObj(i -> "v" + i).toList(), values);
    }

    /** Ends all streams in a way that is not the fault of their connection. */
    private void breakAll() {
        consumption.breakAll(Status.DEADLINE_EXCEEDED.asRuntimeException());
    }

    @Test
    void gateways_that_differ_on_the_topic_do_not_silence_a_partition() {
        try (RecordStream stream = read(0)) {
            assertNext(0, 20, stream);
            write(20, 40);
            gateway.next(Description.OF_ANOTHER);
            breakAll();
            assertNext(20, 40, stream);
        }
    }

    @Test
    void a_look_that_fails_is_no_fault_of_the_stream() {
        try (RecordStream stream = read(0)) {
            assertNext(0, 20, stream);
            write(20, 40);
            gateway.next(Description.UNREACHABLE);
            breakAll();
            assertNext(20, 40, stream);
            assertEquals(Set.of("first:1"), asked);
        }
    }

    @Test
    void a_reader_that_has_no_time_does_not_wait_for_a_look() {
        try (RecordStream stream = read(0)) {
            assertNext(0, 20, stream);
            write(20, 21);
            gateway.next(Description.HELD);
            breakAll();
            while (gateway.heldDescriptions() == 0) {
                assertNull(stream.next(Duration.ZERO));
                assertFalse(stream.isOver());
            }
            assertNull(stream.next(Duration.ZERO));
            assertEquals(1, gateway.heldDescriptions(), "the look is still under way");
            gateway.giveDescriptions();
            assertNext(20, 21, stream);
        }
    }

    @Test
    void a_stream_that_breaks_during_a_look_loses_and_repeats_nothing() {
        try (RecordStream stream = read(0)) {
            assertNext(0, 20, stream);
            write(20, 40);
            gateway.next(Description.HELD);
            breakAll();
            while (gateway.heldDescriptions() == 0) {
                assertNull(stream.next(Duration.ZERO));
                assertFalse(stream.isOver());
            }
            breakAll();
            assertNull(stream.next(Duration.ZERO));
            gateway.giveDescriptions();
            assertNext(20, 40, stream);
        }
    }
}
