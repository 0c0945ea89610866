package io.ackgate.gateway.shutdown;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far the end of this process has come. It only goes on. Any thread. */
@Singleton
public class Draining {
    /** What callers are told whose call ends because of it, or is not taken. */
    public static final String REASON =
            "this gateway is stopping; ask another one, or try again when it is back";

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean leaving;
    private volatile boolean closing;

    /** A class, since two of them that are alike are two. */
    private static final class Listener {
        private final Runnable end;

        private Listener(Runnable end) {
            this.end = end;
        }
    }

    /** Whether this process ends, so that nobody should be sent here any more. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Whether nothing new is taken any more. */
    public boolean isClosing() {
        return closing;
    }

    /**
     * Has something ended that would not end by itself, once, when nothing new is taken any more;
     * at once if that is so already.
     *
     * @param end run on any thread
     * @return forgets it again
     */
    public Runnable onClosing(Runnable end) {
        Listener listener = new Listener(end);
        listeners.add(listener);
        if (closing) {
            tell(listener);
        }
        return () -> listeners.remove(listener);
    }

    /** Tells that this process ends. */
    public void leave() {
        leaving = true;
    }

    /** Takes nothing new, and ends what would not end. */
    public void close() {
        leaving = true;
        closing = true;
        listeners.forEach(this::tell);
    }

    private void tell(Listener listener) {
        if (listeners.remove(listener)) {
            listener.end.run();
        }
    }
}
