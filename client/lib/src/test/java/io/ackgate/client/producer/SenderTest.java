package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.CompressionType;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sender when it is stopped, or when something goes wrong beside it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SenderTest {
    /** Kept here, since loggers are forgotten when nobody holds on to them. */
    private static final Logger LOG = Logger.getLogger(Sender.class.getName());

    private final List<String> errors = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public synchronized void publish(LogRecord entry) {
                    if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                        errors.add(entry.getMessage() + ": " + entry.getThrown());
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
    private final SplittableRandom random = new SplittableRandom(1);

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void close() {
        LOG.removeHandler(handler);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Sender sender(Gateways gateways) {
        return new Sender(ProducerConfig.builder().build(), gateways, loops.next());
    }

    private Gateways gateways(FakeGateway gateway) {
        return new Gateways(
                ProducerConfig.builder().build().bootstrapServers(), gateway.channels(), loops);
    }

    @Test
    void flush_is_over_at_once_when_nobody_is_left_to_run_it() {
        Gateways gateways = gateways(new FakeGateway());
        Sender sender = sender(gateways);
        sender.stop();
        gateways.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        assertTrue(sender.flush().isDone());
        assertTrue(sender.flush().isDone(), "the second is not even tried on the loop");
    }

    @Test
    void flush_waits_for_the_outcomes_that_a_stop_tells() {
        Gateways gateways = gateways(new FakeGateway());
        Sender sender = sender(gateways);
        List<CompletableFuture<@Nullable Void>> flushes = new ArrayList<>();
        List<Boolean> over = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sender.send(
                    ProducerRecord.of("t", null, "x"),
                    (_, _) -> {
                        flushes.add(sender.flush());
                        over.add(flushes.getLast().isDone());
                    },
                    0);
        }
        sender.stop();
        gateways.close();
        assertEquals(List.of(false, false), over, "the records have no outcome yet");
        assertTrue(flushes.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void a_record_that_comes_just_after_its_topic_was_refused_has_it_asked_for_again() {
        try (FakeGateway gateway = new FakeGateway().start()) {
            Gateways gateways = gateways(gateway);
            Sender sender = sender(gateways);
            TopicLanes lanes =
                    new TopicLanes(
                            "nowhere",
                            sender,
                            new GatewayCalls(gateways, sender, TimeUnit.SECONDS.toNanos(5)),
                            new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), random),
                            ProducerConfig.builder().build(),
                            random);
            CompletableFuture<@Nullable DeliveryException> second = new CompletableFuture<>();
            loops.next()
                    .submit(
                            () -> {
                                append(lanes, sender, new CompletableFuture<>());
                                // What depends on this runs in the middle of the first one's end.
                                var _ =
                                        lanes.settled()
                                                .thenRun(() -> append(lanes, sender, second));
                            })
                    .syncUninterruptibly();
            DeliveryException why = second.orTimeout(30, TimeUnit.SECONDS).join();
            assertEquals("UNKNOWN_TOPIC_OR_PARTITION", Objects.requireNonNull(why).code());
            sender.stop();
            gateways.close();
        }
    }

    private static void append(
            TopicLanes lanes,
            Sender sender,
            CompletableFuture<@Nullable DeliveryException> outcome) {
        lanes.append(
                ProducerRecord.of("nowhere", null, "x"),
                0,
                (_, error) -> outcome.complete(error),
                0,
                sender.nowNanos());
    }

    /** The first outcome cannot be told, and the second batch must not be forgotten for it. */
    @Test
    void a_look_that_goes_wrong_leaves_an_alarm_for_the_rest() {
        Gateways gateways = gateways(new FakeGateway());
        Sender sender = sender(gateways);
        TopicPartition partition = new TopicPartition("t", 0);
        ProducerConfig config = ProducerConfig.builder().build();
        Backoff backoff = new Backoff(Duration.ofMillis(5), Duration.ofMillis(5), random);
        PartitionPipeline pipeline =
                new PartitionPipeline(PipelineSettings.of(config), backoff, new Untold());
        PartitionQueue queue = new PartitionQueue(partition, 1_000, 0, CompressionType.NONE);
        ProduceConnection connection =
                new ProduceConnection(
                        gateways,
                        sender,
                        config,
                        backoff,
                        new GuardedMetrics(config.metrics(), System.getLogger("test")));
        long timeoutNanos = config.deliveryTimeout().toNanos();
        PartitionLane lane =
                new PartitionLane(partition, sender, connection, queue, pipeline, timeoutNanos);
        pipeline.give(new ProducerIdentity(7, (short) 0));
        for (int created = 0; created < 2; created++) {
            queue.append(ProducerRecord.of("t", null, "x"), 0, null, 0, 1_000, created);
            assertNotNull(pipeline.next(created, queue));
        }
        Future<?> look = loops.next().submit(() -> lane.look(timeoutNanos)).awaitUninterruptibly();
        assertFalse(look.isSuccess());
        assertEquals(timeoutNanos + 1, lane.timerAtNanos);
        sender.stop();
        gateways.close();
    }

    private static final class Untold implements BatchCallbacks {
        @Override
        public void acknowledged(ProducerBatch batch, Receipt receipt) {
            throw new IllegalStateException("not to be told");
        }

        @Override
        public void failed(ProducerBatch batch, GatewayError why, WriteStatus writeStatus) {
            throw new IllegalStateException("not to be told");
        }
    }

    @Test
    void what_is_left_to_do_when_it_stops_is_not_done_without_connections() {
        EventLoop loop = loops.next();
        Gateways gateways = gateways(new FakeGateway());
        Sender sender = sender(gateways);
        PartitionLane lane = sender.newLane(new TopicPartition("t", 0));
        sender.stop();
        gateways.close();
        lane.touch();
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        sender.post(() -> done.complete(null));
        done.join();
        // The turn that ran it is over.
        loop.submit(() -> {}).syncUninterruptibly();
        assertEquals(List.of(), errors);
    }
}
