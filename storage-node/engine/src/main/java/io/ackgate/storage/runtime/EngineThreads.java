package io.ackgate.storage.runtime;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The two threads of an engine. One at a time runs the engine; "the engine's thread" is whichever
 * does.
 *
 * <p>A sync that is handed out while more waits for the engine is run by the other thread. If
 * nothing waits, the thread that handed it out lets go of the engine and runs it itself, so that a
 * lone record is written, synced and acknowledged by one thread. What comes while it syncs wakes
 * the other thread, which goes on with the engine: nothing but the records of a sync ever waits for
 * the disk.
 */
final class EngineThreads {
    /** A thread that has nothing to do looks so often whether the engine's time is being told. */
    private static final long LOOK_NANOS = 1_000_000_000;

    /** What the threads run, by one thread at a time unless it says otherwise. */
    interface Engine {
        /**
         * Takes what there is, and tells the time when that is due.
         *
         * @return whether there was anything
         */
        boolean turn();

        /** Whether there is something to take; asked by any thread. */
        boolean waits();

        /** The latest {@link System#nanoTime} of the next turn; asked by any thread. */
        long due();

        /** Whether it is to stop; asked by any thread. */
        boolean stopping();

        /** Stops; run once. */
        void stop() throws IOException;

        /** It has stopped, or has failed, and nothing is taken any more. */
        void ended();
    }

    private final Engine engine;
    private final List<Thread> threads;

    /** Who runs the engine; null while nobody does. */
    private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

    /** A sync that nobody has begun. */
    private final AtomicReference<@Nullable Runnable> handedOut = new AtomicReference<>();

    /**
     * Whom to wake when something comes and nobody runs the engine. Set by the thread that lets go
     * of the engine. The one named may itself take the sync that was handed out; the one that let
     * go finds no sync then and takes the engine again at once.
     */
    private volatile Thread next;

    private volatile boolean ended;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    EngineThreads(String name, Engine engine) {
        this.engine = engine;
        threads =
                List.of(
                        Thread.ofPlatform().name(name).daemon(true).unstarted(this::run),
                        Thread.ofPlatform().name(name + "-2").daemon(true).unstarted(this::run));
        next = threads.getFirst();
    }

    /** Starts them, unless that was done. */
    synchronized void start() {
        for (Thread thread : threads) {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }
    }

    /** Something has come that {@link Engine#waits} tells of. From any thread. */
    void wake() {
        if (running.get() == null) {
            LockSupport.unpark(next);
        }
    }

    /** The engine is to stop, as {@link Engine#stopping} tells. From any thread. */
    void wakeAll() {
        threads.forEach(LockSupport::unpark);
    }

    /** Completed when the engine has stopped, or has failed. */
    CompletionStage<@Nullable Void> ended() {
        return end.minimalCompletionStage();
    }

    boolean haveEnded() {
        return end.isDone();
    }

    /** Has a sync run, which must not throw; from the thread that runs the engine. */
    void handOut(Runnable sync) {
        if (!handedOut.compareAndSet(null, sync)) {
            throw new IllegalStateException("a sync is handed out already");
        }
        if (engine.waits()) {
            LockSupport.unpark(other());
        }
    }

    /** Runs the sync that nobody has begun, if there is one. */
    boolean runHandedOut() {
        Runnable sync = handedOut.getAndSet(null);
        if (sync != null) {
            sync.run();
        }
        return sync != null;
    }

    private Thread other() {
        Thread first = threads.getFirst();
        return Thread.currentThread().equals(first) ? threads.getLast() : first;
    }

    private void run() {
        while (!ended) {
            boolean ran = runHandedOut();
            if (wanted() && take()) {
                runEngine();
                ran = true;
            }
            if (!ran) {
                park(LOOK_NANOS);
            }
        }
    }

    private boolean wanted() {
        return engine.waits() || engine.stopping() || System.nanoTime() - engine.due() >= 0;
    }

    private boolean take() {
        return running.compareAndSet(null, Thread.currentThread());
    }

    /** Lets go of the engine; what has come meanwhile is not forgotten. */
    private void handOver(Thread nextToWake) {
        next = nextToWake;
        running.set(null);
    }

    private void runEngine() {
        try {
            while (!engine.stopping()) {
                boolean more = engine.turn();
                boolean still = handedOut.get() != null ? syncHandedOut() : more || sleep();
                if (!still) {
                    return;
                }
            }
            engine.stop();
            end(null);
        } catch (IOException e) {
            end(e);
        } catch (RuntimeException | Error e) {
            end(e);
            throw e;
        }
    }

    /**
     * Syncs on this thread if nothing else waits.
     *
     * @return whether this thread still runs the engine
     */
    private boolean syncHandedOut() {
        if (engine.waits()) {
            LockSupport.unpark(other());
            return true;
        }
        handOver(other());
        if (engine.waits() || engine.stopping()) {
            LockSupport.unpark(other());
        }
        runHandedOut();
        return take();
    }

    /**
     * Waits until something comes or is due.
     *
     * @return whether this thread runs the engine again
     */
    private boolean sleep() {
        Thread me = Thread.currentThread();
        handOver(me);
        if (!engine.waits() && !engine.stopping()) {
            park(engine.due() - System.nanoTime());
        }
        // If the other thread has run it since, that one is woken next.
        return handedOut.get() == null && (next.equals(me) || wanted()) && take();
    }

    private void park(long nanos) {
        LockSupport.parkNanos(this, nanos);
        // An interrupt would close the file channels in use: nobody may send one, and one that
        // comes all the same is not kept.
        Thread.interrupted();
    }

    private void end(@Nullable Throwable failure) {
        ended = true;
        if (failure == null) {
            end.complete(null);
        } else {
            end.completeExceptionally(failure);
        }
        engine.ended();
        LockSupport.unpark(other());
    }
}
