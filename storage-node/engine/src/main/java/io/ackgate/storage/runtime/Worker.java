package io.ackgate.storage.runtime;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread that runs one piece of blocking work at a time for the engine. */
final class Worker implements AutoCloseable {
    private final AtomicReference<@Nullable Runnable> handedOver = new AtomicReference<>();
    private final Consumer<Throwable> failed;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Starts the thread.
     *
     * @param failed told, on that thread, what a piece of work has thrown
     */
    Worker(String name, Consumer<Throwable> failed) {
        this.failed = failed;
        thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Hands work over and returns; the work before it must have told that it is done. */
    void run(Runnable work) {
        if (!handedOver.compareAndSet(null, work)) {
            throw new IllegalStateException("the worker is not free");
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            Runnable work = handedOver.getAndSet(null);
            if (work == null) {
                LockSupport.park(this);
                // An interrupt would close the file channels in use: nobody may send one, and one
                // that comes all the same is not kept.
                Thread.interrupted();
            } else {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failed.accept(e);
                }
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
