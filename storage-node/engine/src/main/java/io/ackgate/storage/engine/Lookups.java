package io.ackgate.storage.engine;

import io.ackgate.storage.api.StreamSession;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Looks into files that wait for a reader, in the order in which they were asked for. */
final class Lookups {
    /** Under way at a time: as many threads read. */
    static final int READERS = 3;

    /** That wait, at most; what comes beyond is not available. */
    static final int MAX_WAITING = 4_096;

    private record Waiting(StreamSession session, Lookup lookup) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    /** Whether one more may wait. */
    boolean hasRoom() {
        return waiting.size() < MAX_WAITING;
    }

    void add(StreamSession session, Lookup.Work work) {
        waiting.add(new Waiting(session, new Lookup(work, () -> underWay--)));
    }

    /** The next one; null if none waits or all readers are at work. */
    @Nullable Lookup begin() {
        Waiting next = underWay < READERS ? waiting.poll() : null;
        if (next == null) {
            return null;
        }
        underWay++;
        return next.lookup();
    }

    /** Nobody waits for what a session has asked for. */
    void sessionClosed(StreamSession session) {
        waiting.removeIf(one -> one.session().equals(session));
    }

    boolean idle() {
        return underWay == 0 && waiting.isEmpty();
    }

    boolean underWay() {
        return underWay > 0;
    }
}
