package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.client.ProducerConfig;
import io.ackgate.client.wire.Gateways;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
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

/** The sender when it is stopped. */
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

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void close() {
        LOG.removeHandler(handler);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void what_is_left_to_do_when_it_stops_is_not_done_without_connections() {
        EventLoop loop = loops.next();
        FakeGateway gateway = new FakeGateway();
        ProducerConfig config = ProducerConfig.builder().build();
        Gateways gateways = new Gateways(config.bootstrapServers(), gateway.channels(), loops);
        Sender sender = new Sender(config, gateways, loop);
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
