package io.ackgate.gateway.grpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Brings work from partition threads to the event loop of one call. What gathers until the loop
 * gets there is done in one turn, so that many answers cost one wake-up and few writes. What is
 * added in a turn is done in the next one, behind what others wait for on that loop: no call keeps
 * it to itself. Work of one thread keeps its order.
 */
final class EventLoopTurns implements Executor {
    private static final Logger LOG = Logger.getLogger(EventLoopTurns.class);

    private final Context context;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private EventLoopTurns(Context context) {
        this.context = context;
    }

    /** Turns of the event loop that this is called on. */
    static EventLoopTurns current() {
        return new EventLoopTurns(
                Objects.requireNonNull(Vertx.currentContext(), "not called on an event loop"));
    }

    /**
     * These turns, for work whose caller waits for what it says: where it fails, it ends the call
     * with the status for that.
     */
    Executor failing(Consumer<? super Throwable> call) {
        return work -> execute(() -> GrpcStatuses.guarded(work, call));
    }

    @Override
    public void execute(Runnable work) {
        waiting.add(work);
        if (count.getAndIncrement() == 0) {
            askForTurn();
        }
    }

    private void askForTurn() {
        context.runOnContext(ignored -> turn());
    }

    private void turn() {
        int gathered = count.get();
        for (int i = 0; i < gathered; i++) {
            runOne(Objects.requireNonNull(waiting.poll()));
        }
        if (count.addAndGet(-gathered) != 0) {
            askForTurn();
        }
    }

    /** What fails must not take along what was queued behind it. */
    private static void runOne(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error bug) {
            LOG.error("a call could not be answered", bug);
        }
    }
}
