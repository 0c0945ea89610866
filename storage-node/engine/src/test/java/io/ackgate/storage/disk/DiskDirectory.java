package io.ackgate.storage.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of a directory: those that programs see, and those that a loss of power leaves. */
final class DiskDirectory {
    private final TreeMap<String, Object> visible = new TreeMap<>();
    private final TreeMap<String, Object> durable = new TreeMap<>();
    private final List<Change> unsynced = new ArrayList<>();

    /** What one operation did: seen whole or not at all. */
    private record Change(@Nullable String removed, @Nullable String added, @Nullable Object node) {
        void applyTo(TreeMap<String, Object> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (added != null && node != null) {
                names.put(added, node);
            }
        }
    }

    @Nullable Object get(String name) {
        return visible.get(name);
    }

    List<String> names() {
        return List.copyOf(visible.keySet());
    }

    void put(String name, Object node) {
        change(new Change(null, name, node));
    }

    void remove(String name) {
        change(new Change(name, null, null));
    }

    void rename(String from, String to) {
        change(new Change(from, to, visible.get(from)));
    }

    private void change(Change change) {
        change.applyTo(visible);
        unsynced.add(change);
    }

    void sync() {
        durable.clear();
        durable.putAll(visible);
        unsynced.clear();
    }

    /** Keeps what was synced, and of the rest what chance keeps; nothing of it without chance. */
    void powerLoss(@Nullable Random chance) {
        for (Change change : unsynced) {
            if (chance != null && chance.nextBoolean()) {
                change.applyTo(durable);
            }
        }
        unsynced.clear();
        visible.clear();
        visible.putAll(durable);
        for (Object node : visible.values()) {
            if (node instanceof DiskDirectory directory) {
                directory.powerLoss(chance);
            } else if (node instanceof FileContent file) {
                file.powerLoss(chance);
            }
        }
    }

    void collect(String prefix, List<String> paths) {
        visible.forEach(
                (name, node) -> {
                    if (node instanceof DiskDirectory directory) {
                        directory.collect(prefix + name + "/", paths);
                    } else {
                        paths.add(prefix + name);
                    }
                });
    }
}
