package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.WatchedPrefix;
import io.ackgate.storage.api.TopicId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every topic as the metadata store last told of it, in memory. Any thread. */
public final class TopicCatalog implements AutoCloseable {
    private final Map<String, Topic> byName = new ConcurrentHashMap<>();
    private final Map<TopicId, Topic> byId = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable WatchedPrefix watched;

    /** Hears of every topic. Called by one thread at a time; calls must return at once. */
    public interface Listener {
        /** The topic is new, or was changed. */
        void changed(Topic topic);

        /** The topic was deleted. */
        void removed(Topic topic);
    }

    /** Completes when every topic there is is known. Called once. */
    public CompletionStage<Void> start(MetadataStore store) {
        return WatchedPrefix.open(store, MetadataKeys.TOPICS, this::seen)
                .thenAccept(open -> watched = open);
    }

    /** Calls the listener from now on; to be added before the start. */
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    private void seen(Entry entry) {
        String name = entry.key().substring(MetadataKeys.TOPICS.length());
        Topic next =
                entry.version() == MetadataStore.ABSENT
                        ? null
                        : TopicCodec.decodeTopic(entry.value());
        Topic before = next == null ? byName.remove(name) : byName.put(name, next);
        if (before != null && (next == null || !next.id().equals(before.id()))) {
            byId.remove(before.id());
            listeners.forEach(listener -> listener.removed(before));
        }
        if (next != null) {
            byId.put(next.id(), next);
            listeners.forEach(listener -> listener.changed(next));
        }
    }

    public @Nullable Topic topic(String name) {
        return byName.get(name);
    }

    public @Nullable Topic topic(TopicId id) {
        return byId.get(id);
    }

    /** All topics in the order of their names. */
    public List<Topic> topics() {
        return byName.values().stream().sorted(Comparator.comparing(Topic::name)).toList();
    }

    /** Partitions of all topics. */
    long partitions() {
        return byName.values().stream().mapToLong(Topic::partitions).sum();
    }

    @Override
    public void close() {
        WatchedPrefix open = watched;
        if (open != null) {
            open.close();
        }
    }
}
