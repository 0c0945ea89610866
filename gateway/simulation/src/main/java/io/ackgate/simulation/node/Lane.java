package io.ackgate.simulation.node;

import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread beside the node's own that does one piece of work at a time. The disk is touched at one
 * moment of the time that a piece takes; what arrives at the node before and after finds it under
 * way.
 */
@SuppressWarnings("ReferenceEquality") // It is about the very same piece of work.
final class Lane {
    private final Timeline timeline;
    private final Dice dice;
    private final Supplier<StorageCore.@Nullable Work> source;
    private final LongSupplier typicalNanos;
    private final BiConsumer<Lane, StorageCore.Work> finished;
    private StorageCore.@Nullable Work underWay;
    private boolean ran;

    Lane(
            Timeline timeline,
            Dice dice,
            Supplier<StorageCore.@Nullable Work> source,
            LongSupplier typicalNanos,
            BiConsumer<Lane, StorageCore.Work> finished) {
        this.timeline = timeline;
        this.dice = dice;
        this.source = source;
        this.typicalNanos = typicalNanos;
        this.finished = finished;
    }

    /** Takes the next piece of work, if there is one and none is under way. */
    void pump() {
        if (underWay != null) {
            return;
        }
        StorageCore.Work work = source.get();
        if (work == null) {
            return;
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
                        work.run();
                        timeline.after(whole - untilDisk, () -> finish(work));
                    }
                });
    }

    private void finish(StorageCore.Work work) {
        if (underWay == work) {
            finished.accept(this, work);
        }
    }

    /** The work has been given back. */
    void done(StorageCore.Work work) {
        if (underWay == work) {
            underWay = null;
        }
    }

    /** Forgets what is under way: its process is gone. */
    void drop() {
        underWay = null;
    }

    /** What is under way, its disk's part done: for a shutdown in good order. */
    StorageCore.@Nullable Work hurry() {
        StorageCore.Work work = underWay;
        if (work != null && !ran) {
            work.run();
        }
        underWay = null;
        return work;
    }
}
