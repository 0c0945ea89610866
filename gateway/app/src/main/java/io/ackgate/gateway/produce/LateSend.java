package io.ackgate.gateway.produce;

import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.storage.api.TopicId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits until a batch is opened, its own or one before it in its stream. Then it is
 * sent, unless it was told before that it is late, or was dropped since nobody waits for it: one of
 * the three, once. Its batches are held until then and no longer. Any thread.
 */
final class LateSend implements Cancellable {
    private static final Logger LOG = Logger.getLogger(LateSend.class);
    private static final Cancellable NOTHING = () -> {};

    private final AnswerListener listener;
    private final WaitingRequests waiting;
    private final TopicId topic;
    private final long bytes;
    private final boolean canBeLate;
    private final long deadlineNanos;
    private long number;

    /** Null once it waits no more. */
    private Producing.@Nullable TakenRequest request;

    private Cancellable opening = NOTHING;

    /** Told once that nothing of it has to be opened any more. */
    private @Nullable Runnable opened;

    private @Nullable Cancellable sent;
    private boolean cancelled;

    /** Waits once it {@link #joins}. */
    LateSend(Producing.TakenRequest request, AnswerListener listener, WaitingRequests waiting) {
        this.request = request;
        this.listener = listener;
        this.waiting = waiting;
        IntakeVerdict.Taken taken = request.taken();
        this.topic = taken.topic().id();
        this.bytes = taken.bytes() + WaitingRequests.REQUEST_BYTES;
        this.canBeLate = taken.canBeLate();
        this.deadlineNanos = request.deadlineNanos(taken);
    }

    TopicId topic() {
        return topic;
    }

    /** Bytes that it holds, about. */
    long bytes() {
        return bytes;
    }

    boolean canBeLate() {
        return canBeLate;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Set by {@link WaitingRequests} as it joins: no two have the same. */
    void number(long given) {
        number = given;
    }

    long number() {
        return number;
    }

    /** Waits with the others, or is refused as they are too many. */
    boolean joins() {
        if (waiting.join(this)) {
            return true;
        }
        Producing.TakenRequest refused = gone();
        if (refused != null) {
            refused.refuseFull(waiting.full(this), listener);
        }
        return false;
    }

    /**
     * Has opened what has to be; called once.
     *
     * @param then once that is done or needed no more; on any thread
     */
    void open(Runnable then) {
        Producing.TakenRequest present;
        synchronized (this) {
            opened = then;
            present = request;
        }
        if (present == null) {
            tellOpened();
            return;
        }
        Cancellable started = present.open(this::tellOpened);
        synchronized (this) {
            if (request != null) {
                opening = started;
                return;
            }
        }
        started.cancel();
    }

    private void tellOpened() {
        Runnable then;
        synchronized (this) {
            then = opened;
            opened = null;
        }
        if (then != null) {
            then.run();
        }
    }

    /** Sends it off, if it still waits. */
    void send() {
        Producing.TakenRequest present = leave();
        if (present == null) {
            return;
        }
        Cancellable now = present.sendInTime(listener);
        boolean dropped;
        synchronized (this) {
            sent = now;
            dropped = cancelled;
        }
        if (dropped) {
            now.cancel();
        }
    }

    /** Answers that its timeout is over, if it still waits. */
    void tellLate() {
        Producing.TakenRequest present = leave();
        if (present == null) {
            return;
        }
        try {
            present.refuseLate(listener);
        } catch (RuntimeException | Error bug) {
            LOG.error("a request could not be told that it is late", bug);
        } finally {
            tellOpened();
        }
    }

    /** Drops it if it still waits: what nobody has sent on yet is neither opened nor written. */
    @Override
    public void cancel() {
        if (leave() != null) {
            tellOpened();
            return;
        }
        Cancellable now;
        synchronized (this) {
            cancelled = true;
            now = sent;
        }
        if (now != null) {
            now.cancel();
        }
    }

    /** Gives it to the one who ends its wait; null if another has done so. */
    private Producing.@Nullable TakenRequest leave() {
        Producing.TakenRequest present = gone();
        if (present == null) {
            return null;
        }
        waiting.leave(this);
        Cancellable started;
        synchronized (this) {
            started = opening;
            opening = NOTHING;
        }
        started.cancel();
        return present;
    }

    private synchronized Producing.@Nullable TakenRequest gone() {
        Producing.TakenRequest present = request;
        request = null;
        return present;
    }
}
