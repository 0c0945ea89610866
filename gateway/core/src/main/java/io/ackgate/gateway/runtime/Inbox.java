package io.ackgate.gateway.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one thread: many put, one takes all at once. The work itself is the list, so that
 * putting allocates nothing; what may wait is bounded by those who admit it.
 *
 * <p>Putting wakes the thread only if it sleeps, and only for the first of a burst.
 */
final class Inbox {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Inbox.class, "head", Work.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Stands in place of the newest work once nothing is taken any more. */
    private static final class Closed extends Work {
        @Override
        void run(Shard shard) {}

        @Override
        void refuse() {}
    }

    /** The newest work, linked to the older. */
    private volatile @Nullable Work head;

    private volatile boolean asleep;
    private volatile @Nullable Thread taker;

    /** Whether the work will be taken; false once the inbox is closed. */
    boolean put(Work work) {
        Work newest;
        do {
            newest = head;
            if (newest instanceof Closed) {
                return false;
            }
            work.next = newest;
        } while (!HEAD.compareAndSet(this, newest, work));
        // Whoever put the first of a burst has woken the thread, if it slept.
        if (newest == null && asleep) {
            LockSupport.unpark(taker);
        }
        return true;
    }

    /** All work, oldest first, linked by {@link Work#next}; null if there is none. */
    @Nullable Work takeAll() {
        return head == null ? null : oldestFirst((Work) HEAD.getAndSet(this, null));
    }

    /** As {@link #takeAll}, for the last time: from now on nothing can be put. */
    @Nullable Work close() {
        Work last = (Work) HEAD.getAndSet(this, new Closed());
        return last instanceof Closed ? null : oldestFirst(last);
    }

    private static @Nullable Work oldestFirst(@Nullable Work newest) {
        Work oldest = null;
        Work work = newest;
        while (work != null) {
            Work older = work.next;
            work.next = oldest;
            oldest = work;
            work = older;
        }
        return oldest;
    }

    /** Sleeps until there is work, or for {@code nanos}; the caller is the one that takes. */
    void await(long nanos) {
        taker = Thread.currentThread();
        asleep = true;
        // Read after asleep is set: a put that did not see the sleeper is seen here.
        if (head == null) {
            LockSupport.parkNanos(this, nanos);
        }
        asleep = false;
    }
}
