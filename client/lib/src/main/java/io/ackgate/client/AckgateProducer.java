package io.ackgate.client;

import io.ackgate.client.producer.Sender;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.Gateways;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes records: batched per partition, over one stream to the gateway, retried in order and, with
 * idempotence (the default), without ever writing one twice. Every record ends with exactly one
 * outcome, within {@code delivery.timeout.ms}.
 *
 * <p>Safe for any thread; one producer serves a whole process. Records that one thread sends to one
 * partition stand in the log in that order, as long as idempotence is on or only one batch is in
 * flight.
 */
public final class AckgateProducer implements AutoCloseable {
    /** What {@link #close()} allows for records under way. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private static final int LOOP_SHUTDOWN_SECONDS = 5;

    private final EventLoopGroup loops;
    private final Gateways gateways;
    private final Sender sender;
    private final long maxBlockNanos;
    private final @Nullable DeadLetterHook deadLetters;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts a producer; it connects when it is first used.
     *
     * @throws IllegalArgumentException if a file for TLS is not there or has not what it should
     */
    public AckgateProducer(ProducerConfig config) {
        this(config, ChannelFactory.of(config.tls()));
    }

    /** Starts a producer whose channels the caller makes. */
    public AckgateProducer(ProducerConfig config, ChannelFactory channels) {
        // As in Kafka: who forgets to close the producer must not keep the process alive.
        this.loops = new NioEventLoopGroup(1, new DefaultThreadFactory("ackgate-producer", true));
        this.gateways = new Gateways(config.bootstrapServers(), channels, loops);
        this.sender = new Sender(config, gateways, loops.next());
        this.maxBlockNanos = config.maxBlock().toNanos();
        this.deadLetters = config.deadLetterHook();
    }

    /**
     * Sends a record without asking for its outcome.
     *
     * @see #send(ProducerRecord, DeliveryCallback)
     */
    public void sendAndForget(ProducerRecord record) {
        enqueue(record, null, maxBlockNanos);
    }

    /**
     * Sends a record. Returns once it is in the buffer, which may take up to {@code max.block.ms}
     * while the buffer is full (from within a callback: not at all). What goes wrong, even then, is
     * told to the callback.
     *
     * @throws IllegalStateException if the producer is closed
     */
    public void send(ProducerRecord record, DeliveryCallback callback) {
        enqueue(record, callback, maxBlockNanos);
    }

    /**
     * Sends a record, at once and once, however often the result is subscribed to, or never. Does
     * not block: with a full buffer the result fails with BUFFER_EXHAUSTED, not written, and the
     * record may be sent again. A caller that does not look at the result rather uses {@link
     * #sendAndForget}, which waits for room. Cancelling drops the outcome, not the record.
     *
     * @return where the record stands, or a {@link DeliveryException}; the same for each subscriber
     * @throws IllegalStateException if the producer is closed
     */
    public Uni<RecordMetadata> send(ProducerRecord record) {
        CompletableFuture<RecordMetadata> outcome = new CompletableFuture<>();
        enqueue(
                record,
                (metadata, error) -> {
                    if (error != null) {
                        outcome.completeExceptionally(error);
                    } else {
                        outcome.complete(metadata);
                    }
                },
                0);
        return Uni.createFrom().emitter(emitter -> tell(outcome, emitter));
    }

    private static void tell(
            CompletableFuture<RecordMetadata> outcome, UniEmitter<? super RecordMetadata> emitter) {
        var _ =
                outcome.whenComplete(
                        (metadata, error) -> {
                            if (error != null) {
                                emitter.fail(error);
                            } else {
                                emitter.complete(metadata);
                            }
                        });
    }

    private void enqueue(
            ProducerRecord record, @Nullable DeliveryCallback callback, long waitNanos) {
        if (closed.get()) {
            throw new IllegalStateException("the producer is closed");
        }
        // The sender's thread must not wait for what only it can free.
        long mayWait = sender.isCurrentThread() ? 0 : waitNanos;
        sender.send(record, withDeadLetters(record, callback), mayWait);
    }

    private @Nullable DeliveryCallback withDeadLetters(
            ProducerRecord record, @Nullable DeliveryCallback callback) {
        DeadLetterHook hook = deadLetters;
        if (hook == null) {
            return callback;
        }
        return (metadata, error) -> {
            try {
                if (error != null) {
                    hook.onDeadLetter(record, error);
                }
            } finally {
                if (callback != null) {
                    callback.onDelivery(metadata, error);
                }
            }
        };
    }

    /**
     * Waits until every record sent before has its outcome, which all of them have within {@code
     * delivery.timeout.ms}. Batches do not linger meanwhile. Returns at once if the producer is
     * closed, since all of its records have their outcome.
     *
     * @throws IllegalStateException from within a callback, which would wait for itself
     */
    public void flush() {
        if (sender.isCurrentThread()) {
            throw new IllegalStateException("flush from within a callback would wait for itself");
        }
        sender.flush().join();
    }

    /** Closes with 30 seconds for records under way; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Takes no more records, waits for those under way, and ends with {@code PRODUCER_CLOSED} what
     * has no outcome by then; its write status says whether it may have been written. From within a
     * callback it does not wait.
     *
     * @param timeout 0 or more
     */
    public void close(Duration timeout) {
        if (closed.getAndSet(true)) {
            return;
        }
        boolean mayWait = !sender.isCurrentThread();
        if (mayWait) {
            awaitFlush(timeout);
        }
        sender.stop();
        gateways.shutdown();
        if (mayWait) {
            gateways.close();
        }
        var _ = loops.shutdownGracefully(0, LOOP_SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    private void awaitFlush(Duration timeout) {
        CompletableFuture<@Nullable Void> flushed = sender.flush();
        try {
            flushed.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            // What is left is told that the producer was closed.
            flushed.cancel(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
