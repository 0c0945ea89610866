package io.ackgate.gateway.limit;

import io.ackgate.gateway.config.AckgateConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks HTTP/2 connections on which calls are open for a sign of life. A stream on which nothing
 * happens stays as long as both its ends are there: Quarkus's idle timeout would end it, and
 * nothing would end it if its other end went without a word.
 */
@Singleton
class Keepalive {
    private static final int PRIORITY = 9_500;

    /** Eight bytes, as HTTP/2 has it. */
    private static final String PING = "alive???";

    private final long intervalNanos;
    private final Counter answered;
    private final Counter cutOff;
    private final Map<HttpConnection, Watch> connections = new ConcurrentHashMap<>();

    Keepalive(AckgateConfig config, Refusals refusals, MeterRegistry registry) {
        this.intervalNanos = config.http().keepaliveInterval().toNanos();
        this.cutOff = refusals.counter("keepalive");
        this.answered =
                Counter.builder("ackgate.keepalives")
                        .description("Signs of life that connections were asked for and gave")
                        .register(registry);
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, PRIORITY);
    }

    private void begin(RoutingContext http) {
        if (http.request().version() == HttpVersion.HTTP_2) {
            Watch watch = watch(http.request().connection());
            watch.calls.incrementAndGet();
            http.addEndHandler(ended -> watch.calls.decrementAndGet());
        }
        http.next();
    }

    private Watch watch(HttpConnection connection) {
        Watch there = connections.get(connection);
        if (there != null) {
            return there;
        }
        Watch made = new Watch(connection);
        connections.put(connection, made);
        made.start();
        return made;
    }

    /** One connection; confined to its event loop, but for the count of its calls. */
    private final class Watch {
        private final HttpConnection connection;

        /** A call may end on the thread that answers it. */
        private final AtomicInteger calls = new AtomicInteger();

        private boolean owes;
        private long lookedNanos = System.nanoTime();

        private Watch(HttpConnection connection) {
            this.connection = connection;
        }

        private void start() {
            ChannelHandlerContext context = ((ConnectionBase) connection).channelHandlerContext();
            Channel channel = context.channel();
            Future<?> looks =
                    channel.eventLoop()
                            .scheduleWithFixedDelay(
                                    () -> look(context),
                                    intervalNanos,
                                    intervalNanos,
                                    TimeUnit.NANOSECONDS);
            channel.closeFuture()
                    .addListener(
                            closed -> {
                                looks.cancel(false);
                                connections.remove(connection);
                            });
        }

        private void look(ChannelHandlerContext context) {
            long now = System.nanoTime();
            // A process that stood still itself reads what came meanwhile before it judges.
            boolean stoodStill = now - lookedNanos > 2 * intervalNanos;
            lookedNanos = now;
            if (owes && !stoodStill) {
                cutOff.increment();
                // The channel's own closing would wait for the calls to end.
                var _ = context.close();
            } else if (!owes && calls.get() > 0) {
                owes = true;
                connection
                        .ping(Buffer.buffer(PING))
                        .onSuccess(
                                pong -> {
                                    owes = false;
                                    answered.increment();
                                });
            }
        }
    }
}
