package io.ackgate.gateway.metadata;

import io.ackgate.gateway.loop.SafeLog;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Everything under a prefix, and then every change of it, without a gap between: the watch begins
 * before the list is read, and what it sees meanwhile waits for the list.
 *
 * <p>The consumer is called by one thread at a time and in order per key, with versions that grow;
 * a deletion is an entry of version {@link MetadataStore#ABSENT}.
 */
public final class WatchedPrefix implements AutoCloseable {
    private static final SafeLog LOG = new SafeLog(WatchedPrefix.class.getName());

    private final String prefix;
    private final Consumer<Entry> consumer;
    private final Map<String, Long> versions = new HashMap<>();
    private final List<Entry> early = new ArrayList<>();
    private boolean listed;
    private boolean closed;
    private AutoCloseable watch = () -> {};

    private WatchedPrefix(String prefix, Consumer<Entry> consumer) {
        this.prefix = prefix;
        this.consumer = consumer;
    }

    /** Completes when the consumer has had everything that is there now. */
    public static CompletionStage<WatchedPrefix> open(
            MetadataStore store, String prefix, Consumer<Entry> consumer) {
        WatchedPrefix watched = new WatchedPrefix(prefix, consumer);
        watched.begin(store.watch(prefix, watched::changed));
        return store.list(prefix)
                .thenApply(
                        entries -> {
                            watched.list(entries);
                            return watched;
                        });
    }

    private synchronized void begin(AutoCloseable begun) {
        watch = begun;
    }

    private synchronized void list(List<Entry> entries) {
        entries.forEach(this::tell);
        listed = true;
        early.forEach(this::tell);
        early.clear();
    }

    private synchronized void changed(Entry entry) {
        if (listed) {
            tell(entry);
        } else {
            early.add(entry);
        }
    }

    private void tell(Entry entry) {
        if (closed) {
            return;
        }
        if (entry.version() == MetadataStore.ABSENT) {
            versions.remove(entry.key());
        } else {
            long known = versions.getOrDefault(entry.key(), MetadataStore.ABSENT);
            if (entry.version() <= known) {
                return;
            }
            versions.put(entry.key(), entry.version());
        }
        try {
            consumer.accept(entry);
        } catch (RuntimeException bug) {
            // One bad value must not hide all the others.
            LOG.log(System.Logger.Level.ERROR, entry.key() + " could not be taken in", bug);
        }
    }

    /** Nothing is told any more once it returns. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            watch.close();
        } catch (Exception notClosed) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the watch of " + prefix + " did not close",
                    notClosed);
        }
    }
}
