package io.ackgate.gateway.produce;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

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

    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                    Thread.ofPlatform().daemon().name("ackgate-opening-", 0).factory());
    private final AtomicLong bytes = new AtomicLong();

    /** Bytes that wait, or are being opened. */
    long bytes() {
        return bytes.get();
    }

    /**
     * Runs the work that opens so many bytes; any thread.
     *
     * @return false if so much waits that this has no room; it is not run then
     */
    boolean run(long size, Runnable work) {
        if (bytes.addAndGet(size) > MAX_BYTES) {
            bytes.addAndGet(-size);
            return false;
        }
        threads.execute(
                () -> {
                    try {
                        work.run();
                    } finally {
                        bytes.addAndGet(-size);
                    }
                });
        return true;
    }

    @PreDestroy
    void end() {
        threads.shutdown();
    }
}
