package io.ackgate.storage.log;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The indexes of a node that readers have loaded. The one that was used the longest ago is let go
 * of for another; it comes back from its file. Thread-safe.
 */
public final class LoadedIndexes {
    /** Indexes in memory at most, beside those of segments that grow: 64 KiB each as a rule. */
    public static final int MAX = 256;

    private final int max;

    /** The least recently used first. */
    private final Map<Segment, Boolean> loaded = new LinkedHashMap<>(16, 0.75f, true);

    public LoadedIndexes() {
        this(MAX);
    }

    LoadedIndexes(int max) {
        this.max = max;
    }

    /** A reader has found the index of a segment in memory. */
    void used(Segment segment) {
        synchronized (loaded) {
            // A look is what makes it the last one to go.
            loaded.get(segment);
        }
    }

    /** A reader has loaded the index of a segment. */
    void loaded(Segment segment) {
        Segment eldest = null;
        synchronized (loaded) {
            loaded.put(segment, true);
            if (loaded.size() > max) {
                eldest = loaded.keySet().iterator().next();
                loaded.remove(eldest);
            }
        }
        if (eldest != null) {
            eldest.unloadIndex();
        }
    }

    /** Nobody reads the segment any more. */
    void forget(Segment segment) {
        synchronized (loaded) {
            loaded.remove(segment);
        }
    }

    int size() {
        synchronized (loaded) {
            return loaded.size();
        }
    }
}
