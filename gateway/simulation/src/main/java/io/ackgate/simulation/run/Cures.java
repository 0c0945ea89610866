package io.ackgate.simulation.run;

import io.ackgate.simulation.time.Timeline;
import java.util.ArrayList;
import java.util.List;

/** What undoes each fault that is in force: at its time, or early when the world is to heal. */
final class Cures {
    private final Timeline timeline;
    private final List<Runnable> pending = new ArrayList<>();

    Cures(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Does something once, after this time or at {@link #now}, whichever comes first. */
    void after(long nanos, Runnable cure) {
        boolean[] done = {false};
        Runnable once =
                () -> {
                    if (!done[0]) {
                        done[0] = true;
                        cure.run();
                    }
                };
        pending.add(once);
        timeline.after(
                nanos,
                () -> {
                    pending.remove(once);
                    once.run();
                });
    }

    /** Everything is cured. */
    void now() {
        List.copyOf(pending).forEach(Runnable::run);
    }
}
