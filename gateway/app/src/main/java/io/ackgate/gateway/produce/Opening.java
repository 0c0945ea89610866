package io.ackgate.gateway.produce;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.config.CoreSettings;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.storage.api.TopicId;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that open compressed batches. An event loop would serve nobody while a small batch
 * becomes 64 MiB. They are half as many as processors, so that compressed batches wait for each
 * other rather than have all processors; and they are not those that read, so that no reader keeps
 * a producer waiting. What waits for them is an {@link OpeningQueue}; what waits for what they open
 * is in {@link WaitingRequests}.
 */
@Singleton
public class Opening {
    private static final Logger LOG = Logger.getLogger(Opening.class);

    private static final String NOT_OPENED = "the compressed batch could not be opened";

    /** How often those are looked for that have become late. */
    private static final long LOOK_MILLIS = 50;

    private final ExecutorService threads;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("ackgate-opening-timeouts").factory());
    private final OpeningQueue queue = new OpeningQueue();
    private final WaitingRequests waiting;

    @Inject
    Opening(AckgateConfig config) {
        this(
                Executors.newFixedThreadPool(
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        Thread.ofPlatform().daemon().name("ackgate-opening-", 0).factory()),
                new WaitingRequests(CoreSettings.of(config).maxInFlightBytes(), System::nanoTime));
        var _ =
                timer.scheduleWithFixedDelay(
                        waiting::tellLate, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    Opening(ExecutorService threads, WaitingRequests waiting) {
        this.threads = threads;
        this.waiting = waiting;
    }

    /** Bytes of all requests that wait for a batch to be opened, their own or one before it. */
    public long waitingBytes() {
        return waiting.bytes();
    }

    /** All requests that wait for a batch to be opened. */
    WaitingRequests waiting() {
        return waiting;
    }

    /** Compressed bytes that wait, or are being opened. */
    long bytes() {
        synchronized (queue) {
            return queue.shares().bytes();
        }
    }

    /**
     * Opens a request; any thread.
     *
     * @param work opens it; not run if so much waits that this has no room
     * @param then gets what the work found, or a refusal: exactly once, whatever the work throws.
     *     On the thread of the work, or on this one where the request is refused at once
     * @return drops it if it still waits: it is not opened then, and {@code then} gets nothing
     */
    Cancellable run(
            IntakeVerdict.Taken taken, Supplier<IntakeVerdict> work, Consumer<IntakeVerdict> then) {
        Runnable waits = () -> open(taken, work, then);
        IntakeVerdict refused = enqueue(taken, waits);
        if (refused != null) {
            then.accept(refused);
        }
        return () -> drop(taken, waits);
    }

    private void drop(IntakeVerdict.Taken taken, Runnable waits) {
        synchronized (queue) {
            queue.drop(taken.topic().id(), taken.bytes(), waits);
        }
    }

    private @Nullable IntakeVerdict enqueue(IntakeVerdict.Taken taken, Runnable work) {
        TopicId topic = taken.topic().id();
        long size = taken.bytes();
        synchronized (queue) {
            if (!queue.shares().hasRoom(topic, size)) {
                return refused(taken, ErrorCode.THROTTLING_QUOTA_EXCEEDED, noRoom(topic));
            }
            try {
                // Whose turn it is will be known when a thread is free, which waits for this lock.
                threads.execute(this::openNext);
            } catch (RejectedExecutionException ending) {
                return refused(
                        taken,
                        ErrorCode.NOT_LEADER_OR_FOLLOWER,
                        "the gateway ends and opens no more batches");
            } catch (RuntimeException | Error bug) {
                LOG.error("no thread could be had that opens compressed batches", bug);
                return refused(taken, ErrorCode.UNKNOWN_SERVER_ERROR, NOT_OPENED);
            }
            queue.add(topic, size, work);
        }
        return null;
    }

    private String noRoom(TopicId topic) {
        return ("compressed batches of %d bytes are being opened, of at most %d, and %d of them for"
                        + " this topic, which may have as much as it leaves free: send it again a"
                        + " little later")
                .formatted(
                        queue.shares().bytes(),
                        queue.shares().maxBytes(),
                        queue.shares().bytes(topic));
    }

    private void openNext() {
        Runnable next;
        synchronized (queue) {
            next = queue.next();
        }
        // What was dropped has left its turn behind.
        if (next != null) {
            next.run();
        }
    }

    private void open(
            IntakeVerdict.Taken taken, Supplier<IntakeVerdict> work, Consumer<IntakeVerdict> then) {
        // It is made first: there may be no memory for it where it is needed.
        IntakeVerdict verdict = refused(taken, ErrorCode.UNKNOWN_SERVER_ERROR, NOT_OPENED);
        try {
            verdict = work.get();
        } catch (RuntimeException | Error bug) {
            LOG.error("a compressed batch could not be opened", bug);
        } finally {
            synchronized (queue) {
                queue.opened(taken.topic().id(), taken.bytes());
            }
            then.accept(verdict);
        }
    }

    private static IntakeVerdict refused(IntakeVerdict.Taken taken, ErrorCode code, String detail) {
        return new IntakeVerdict.Refused(
                Failure.notWritten(code, "record_batch", detail), taken.partitions());
    }

    @PreDestroy
    void end() {
        threads.shutdown();
        timer.shutdownNow();
    }
}
