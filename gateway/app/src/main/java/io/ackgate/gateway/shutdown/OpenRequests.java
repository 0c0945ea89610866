package io.ackgate.gateway.shutdown;

import io.netty.channel.Channel;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The requests that are under way on the port, gRPC and REST alike, and their connections. */
@Singleton
class OpenRequests {
    /** Before every other: a request that is refused is one, too. */
    private static final int PRIORITY = 10_000;

    private static final int NO_ERROR = 0;
    private static final String PING = "stopping";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Draining draining;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

    OpenRequests(Draining draining) {
        this.draining = draining;
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, PRIORITY);
    }

    private void begin(RoutingContext http) {
        open.incrementAndGet();
        HttpConnection connection = http.request().connection();
        boolean http2 = http.request().version() == HttpVersion.HTTP_2;
        if (http2 && connections.add(connection)) {
            var _ =
                    channel(connection)
                            .closeFuture()
                            .addListener(closed -> connections.remove(connection));
        }
        if (!http2) {
            http.addHeadersEndHandler(
                    headers -> {
                        if (draining.isLeaving()) {
                            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                        }
                    });
        }
        http.addEndHandler(
                ended -> {
                    open.decrementAndGet();
                    if (http2 && draining.isClosing()) {
                        onLoop(connection, OpenRequests::goAway);
                    }
                });
        http.next();
    }

    /** How many requests are not answered to their end. */
    int count() {
        return open.get();
    }

    /**
     * Tells every HTTP/2 client to make no more calls on its connection (GOAWAY).
     *
     * @return completed when all of them have heard it: what they called before has come, too
     */
    CompletableFuture<?> goAway() {
        return CompletableFuture.allOf(
                connections.stream()
                        .map(
                                connection -> {
                                    CompletableFuture<@Nullable Void> heard =
                                            new CompletableFuture<>();
                                    onLoop(
                                            connection,
                                            told -> {
                                                goAway(told);
                                                told.ping(Buffer.buffer(PING))
                                                        .onComplete(pong -> heard.complete(null));
                                            });
                                    return heard;
                                })
                        .toArray(CompletableFuture<?>[]::new));
    }

    private static void goAway(HttpConnection connection) {
        connection.goAway(NO_ERROR, Integer.MAX_VALUE);
    }

    /**
     * Has every HTTP/2 connection end with the last of its calls. A client that calls all the same
     * is told that it was not heard.
     *
     * @param millis after which they are closed in any case
     */
    void endConnections(long millis) {
        connections.forEach(
                connection ->
                        onLoop(
                                connection,
                                ending -> {
                                    ending.goAway(NO_ERROR);
                                    var _ = ending.shutdown(millis, TimeUnit.MILLISECONDS);
                                }));
    }

    private static void onLoop(HttpConnection connection, Consumer<HttpConnection> what) {
        channel(connection).eventLoop().execute(() -> what.accept(connection));
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channelHandlerContext().channel();
    }

    /**
     * Waits until no request is under way.
     *
     * @param deadlineNanos of {@link System#nanoTime}, after which it gives up
     * @return how many are under way still
     */
    int awaitNone(long deadlineNanos) {
        while (open.get() > 0 && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return open.get();
    }
}
