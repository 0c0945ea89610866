package io.ackgate.simulation.node;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.engine.EngineInput;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread beside the node's own that does one piece of work at a time. The disk is touched at one
 * moment of the time that a piece takes; what arrives at the node before and after finds it under
 * way.
 */
@SuppressWarnings("ReferenceEquality") // It is about the very same piece of work.
final class Lane {
    /**
     * Work beside the node's thread.
     *
     * @param run touches the disk
     * @param done gives it back to the engine
     */
    record Work(Runnable run, EngineInput done) {}

    private final Timeline timeline;
    private final Dice dice;
    private final LongSupplier typicalNanos;
    private final BiConsumer<Lane, Work> finished;
    private @Nullable Work underWay;
    private boolean ran;

    Lane(Timeline timeline, Dice dice, LongSupplier typicalNanos, BiConsumer<Lane, Work> finished) {
        this.timeline = timeline;
        this.dice = dice;
        this.typicalNanos = typicalNanos;
        this.finished = finished;
    }

    boolean isFree() {
        return underWay == null;
    }

    /** Begins a piece of work; none is under way. */
    void begin(Work work) {
        if (underWay != null) {
            throw new IllegalStateException("one piece of work is under way already");
        }
        underWay = work;
        ran = false;
        long whole = dice.around(typicalNanos.getAsLong());
        long untilDisk = dice.between(0, whole);
        timeline.after(
                untilDisk,
                () -> {
                    if (underWay == work) {
                        ran = true;
                        work.run().run();
                        timeline.after(whole - untilDisk, () -> finish(work));
                    }
                });
    }

    private void finish(Work work) {
        if (underWay == work) {
            finished.accept(this, work);
        }
    }

    /** The work has been given back. */
    void done(Work work) {
        if (underWay == work) {
            underWay = null;
        }
    }

    /** Forgets what is under way: its process is gone. */
    void drop() {
        underWay = null;
    }

    /** What is under way, its disk's part done: for a shutdown in good order. */
    @Nullable Work hurry() {
        Work work = underWay;
        if (work != null && !ran) {
            work.run().run();
        }
        underWay = null;
        return work;
    }
}
