package io.ackgate.storage.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order the scrubber looks at the replicas of a node: at each of them once, and at those
 * whose turn came to nothing once more in the end.
 */
final class ScrubRound {
    private final ArrayDeque<Replica> first = new ArrayDeque<>();
    private final ArrayDeque<Replica> again = new ArrayDeque<>();
    private boolean repeating;
    private boolean underWay;

    /** Whether it is over all replicas, and not over a few that could not wait for the next. */
    private boolean overAll;

    private long ended;

    /**
     * Begins with another replica each time, so that restarts do not always leave out the same.
     *
     * @param beginWith any number
     */
    void begin(Collection<Replica> replicas, long beginWith) {
        if (!replicas.isEmpty()) {
            List<Replica> all = new ArrayList<>(replicas);
            Collections.rotate(all, (int) Math.floorMod(beginWith, (long) all.size()));
            first.addAll(all);
            repeating = false;
            underWay = true;
            overAll = true;
        }
    }

    /** One of the replicas is looked at next, whether or not a round is under way. */
    void soon(Replica replica) {
        first.remove(replica);
        first.addFirst(replica);
        underWay = true;
    }

    boolean underWay() {
        return underWay;
    }

    /** The next replica; null at the end of the round. */
    @Nullable Replica next() {
        if (!first.isEmpty()) {
            return first.remove();
        }
        if (!again.isEmpty()) {
            repeating = true;
            return again.remove();
        }
        ended += overAll ? 1 : 0;
        overAll = false;
        repeating = false;
        underWay = false;
        return null;
    }

    /** Rounds over all replicas that have come to their ends. */
    long ended() {
        return ended;
    }

    /** The turn that was given last came to nothing. */
    void again(Replica replica) {
        if (!repeating) {
            again.add(replica);
        }
    }

    /** Turns that are still to come. */
    int left() {
        return first.size() + again.size();
    }
}
