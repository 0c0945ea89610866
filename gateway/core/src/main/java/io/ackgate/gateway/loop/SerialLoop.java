package io.ackgate.gateway.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread and its queue: any thread puts work in, this thread runs it. The thread works in
 * turns: it takes everything that waits, runs it, ends the turn, and sleeps if nothing has come
 * meanwhile.
 *
 * <p>The work itself is the list, so that putting allocates nothing. The queue has no bound of its
 * own: those who put must bound what they put. Putting wakes the thread only if it sleeps, and only
 * for the first of a burst.
 *
 * <p>A turn that throws has a bug; it is logged and the loop goes on.
 *
 * @param <W> the work
 */
public final class SerialLoop<W extends SerialLoop.Work<W>> {
    private static final SafeLog LOG = new SafeLog(SerialLoop.class.getName());

    /** How long the thread sleeps when it cannot find out for how long it may. */
    private static final long BUG_PAUSE_NANOS = 10_000_000;

    /** Stands in place of the newest work once nothing is taken any more. */
    private static final Object CLOSED = new Object();

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(SerialLoop.class, "head", Object.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Something for the thread to do. Put into one loop, once. */
    public abstract static class Work<W extends Work<W>> {
        /** The work that was put before this one; once taken, the one that was put after it. */
        private @Nullable W next;
    }

    /** What the thread does; every method is called on it. */
    public interface Turns<W> {
        /** A turn begins. */
        void begin();

        void run(W work);

        /**
         * The turn ends, with or without work: what was put together in it goes out, and what is
         * due by the clock is done.
         */
        void end();

        /** Nanoseconds until the next turn though no work comes; {@link Long#MAX_VALUE}: never. */
        long idleNanos();

        /** Called instead of {@link #run} for work that the loop ends without running. */
        void refuse(W work);

        /** The last call, when no work can be put any more and all of it was run or refused. */
        void ended();
    }

    private final Turns<W> turns;
    private final int maxPerTurn;
    private final Thread thread;

    /** The newest work, linked to the older; null if there is none, or {@link #CLOSED}. */
    private volatile @Nullable Object head;

    private volatile boolean asleep;

    /** Confined to the thread. */
    private boolean stopped;

    /**
     * A loop whose thread has not started.
     *
     * @param maxPerTurn works after which a turn ends although more waits
     */
    public SerialLoop(String threadName, Turns<W> turns, int maxPerTurn) {
        this.turns = turns;
        this.maxPerTurn = maxPerTurn;
        this.thread = new Thread(this::loop, threadName);
    }

    // ---- any thread

    /** Starts the thread. Called once. */
    public void start() {
        thread.start();
    }

    /** Whether the work will be run or refused; false once the loop has ended. */
    public boolean put(W work) {
        Object newest;
        do {
            newest = head;
            if (CLOSED.equals(newest)) {
                return false;
            }
            setNext(work, work(newest));
        } while (!HEAD.compareAndSet(this, newest, (Object) work));
        // The one that put the first work of a burst has woken the thread, if it slept.
        if (newest == null && asleep) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    public boolean isLoopThread() {
        return Thread.currentThread().equals(thread);
    }

    /** Waits until the thread has ended. */
    public void join() throws InterruptedException {
        thread.join();
    }

    // ---- the thread

    /** Ends the loop: what waits, and what is put from now on, is refused. On the thread only. */
    public void stop() {
        stopped = true;
    }

    private void loop() {
        try {
            while (!stopped) {
                W first = takeAll();
                if (first == null) {
                    sleep(idleNanos());
                    first = takeAll();
                }
                runAll(first);
            }
        } finally {
            refuseAll(close());
            try {
                turns.ended();
            } catch (RuntimeException | Error bug) {
                met(bug);
            }
        }
    }

    private void runAll(@Nullable W first) {
        W work = first;
        do {
            work = turn(work);
        } while (work != null && !stopped);
        refuseAll(work);
    }

    /** Gives the work that is left. */
    private @Nullable W turn(@Nullable W first) {
        W work = first;
        try {
            turns.begin();
            for (int run = 0; run < maxPerTurn && work != null && !stopped; run++) {
                W current = work;
                work = takeNext(current);
                run(current);
            }
            turns.end();
        } catch (RuntimeException | Error bug) {
            met(bug);
        }
        return work;
    }

    private void run(W work) {
        try {
            turns.run(work);
        } catch (RuntimeException | Error bug) {
            met(bug);
        }
    }

    private void refuseAll(@Nullable W first) {
        W work = first;
        while (work != null) {
            W current = work;
            work = takeNext(current);
            try {
                turns.refuse(current);
            } catch (RuntimeException | Error bug) {
                met(bug);
            }
        }
    }

    private long idleNanos() {
        try {
            return turns.idleNanos();
        } catch (RuntimeException | Error bug) {
            met(bug);
            return BUG_PAUSE_NANOS;
        }
    }

    private void met(Throwable bug) {
        String text = "the thread " + thread.getName() + " met a bug and goes on";
        LOG.log(System.Logger.Level.ERROR, text, bug);
    }

    private void sleep(long nanos) {
        asleep = true;
        // Read after asleep is set: a put that did not see the sleeper is seen here.
        if (head == null) {
            LockSupport.parkNanos(this, nanos);
            // An interrupt that stayed set would keep the thread from ever sleeping again.
            Thread.interrupted();
        }
        asleep = false;
    }

    // ---- the list

    /** All work, oldest first; null if there is none. */
    private @Nullable W takeAll() {
        return head == null ? null : oldestFirst(HEAD.getAndSet(this, (Object) null));
    }

    /** As {@link #takeAll}, for the last time: from now on nothing can be put. */
    private @Nullable W close() {
        return oldestFirst(HEAD.getAndSet(this, CLOSED));
    }

    private @Nullable W oldestFirst(@Nullable Object newest) {
        W oldest = null;
        W work = work(newest);
        while (work != null) {
            W older = takeNext(work);
            setNext(work, oldest);
            oldest = work;
            work = older;
        }
        return oldest;
    }

    /** Only {@link #put} sets {@link #head} to anything but null and {@link #CLOSED}. */
    @SuppressWarnings("unchecked")
    private @Nullable W work(@Nullable Object put) {
        return (W) put;
    }

    private static <W extends Work<W>> void setNext(Work<W> work, @Nullable W next) {
        work.next = next;
    }

    private static <W extends Work<W>> @Nullable W takeNext(Work<W> work) {
        W next = work.next;
        work.next = null;
        return next;
    }
}
