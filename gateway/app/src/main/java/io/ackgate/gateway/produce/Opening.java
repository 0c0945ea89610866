package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Threads that open compressed batches. An event loop would serve nobody while a small batch
 * becomes 64 MiB. They are half as many as processors, so that compressed batches wait for each
 * other rather than have all processors; and they are not those that read, so that no reader keeps
 * a producer waiting.
 */
@Singleton
public class Opening {
    /** Compressed bytes that may wait to be opened, or are being opened: 64 MiB. */
    static final long MAX_BYTES = 64L << 20;

    private static final Logger LOG = Logger.getLogger(Opening.class);

    private final ExecutorService threads;
    private final AtomicLong bytes = new AtomicLong();

    @Inject
    Opening() {
        this(
                Executors.newFixedThreadPool(
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        Thread.ofPlatform().daemon().name("ackgate-opening-", 0).factory()));
    }

    Opening(ExecutorService threads) {
        this.threads = threads;
    }

    /** Bytes that wait, or are being opened. */
    long bytes() {
        return bytes.get();
    }

    /**
     * Opens a request; any thread.
     *
     * @param work opens it; not run if so much waits that this has no room
     * @param then gets what the work found, or a refusal: exactly once, whatever the work throws.
     *     On the thread of the work, or on this one where the request is refused at once
     */
    void run(
            IntakeVerdict.Taken taken, Supplier<IntakeVerdict> work, Consumer<IntakeVerdict> then) {
        long size = taken.bytes();
        long waiting = bytes.addAndGet(size);
        if (waiting > MAX_BYTES) {
            bytes.addAndGet(-size);
            then.accept(
                    refused(
                            taken,
                            ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                            ("compressed batches of %d bytes are being opened, of at most"
                                            + " %d: send it again a little later")
                                    .formatted(waiting - size, MAX_BYTES)));
            return;
        }
        try {
            threads.execute(() -> open(taken, work, then));
        } catch (RejectedExecutionException ending) {
            bytes.addAndGet(-size);
            then.accept(
                    refused(
                            taken,
                            ErrorCode.NOT_LEADER_OR_FOLLOWER,
                            "the gateway ends and opens no more batches"));
        }
    }

    private void open(
            IntakeVerdict.Taken taken, Supplier<IntakeVerdict> work, Consumer<IntakeVerdict> then) {
        // It is made first: there may be no memory for it where it is needed.
        IntakeVerdict verdict =
                refused(
                        taken,
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "the compressed batch could not be opened");
        try {
            verdict = work.get();
        } catch (RuntimeException | Error bug) {
            LOG.error("a compressed batch could not be opened", bug);
        } finally {
            bytes.addAndGet(-taken.bytes());
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
    }
}
