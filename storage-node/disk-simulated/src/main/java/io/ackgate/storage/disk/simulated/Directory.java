package io.ackgate.storage.disk.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names, each of a file ({@link Inode}) or of another directory; they too are durable only once
 * synced.
 */
final class Directory {
    /** One step that is seen whole or not at all; a rename between directories stands in both. */
    static final class Change {
        private final List<Entry> entries = new ArrayList<>();
        private boolean durable;

        /**
         * {@code target} is an {@link Inode}, a {@link Directory}, or null for a name that is gone.
         */
        private record Entry(Directory in, String name, @Nullable Object target) {}

        private void makeDurable() {
            if (!durable) {
                durable = true;
                for (Entry entry : entries) {
                    entry.in().put(entry.in().durable, entry.name(), entry.target());
                }
            }
        }
    }

    private final Map<String, Object> cached = new TreeMap<>();
    private final Map<String, Object> durable = new TreeMap<>();
    private final List<Change> unsynced = new ArrayList<>();

    @Nullable Object get(String name) {
        return cached.get(name);
    }

    List<String> names() {
        return List.copyOf(cached.keySet());
    }

    Iterable<Object> targets() {
        return cached.values();
    }

    /** Makes a name mean something else, as part of a change. */
    void set(Change change, String name, @Nullable Object target) {
        put(cached, name, target);
        change.entries.add(new Change.Entry(this, name, target));
        if (!unsynced.contains(change)) {
            unsynced.add(change);
        }
    }

    private void put(Map<String, Object> names, String name, @Nullable Object target) {
        if (target == null) {
            names.remove(name);
        } else {
            names.put(name, target);
        }
    }

    void sync() {
        unsynced.forEach(Change::makeDurable);
        unsynced.clear();
    }

    /** Decides for every unsynced change below here whether it survives. */
    void losePower(Chance dice, double survival) {
        for (Change change : unsynced) {
            if (dice.chance(survival)) {
                change.makeDurable();
            }
        }
        unsynced.clear();
        for (Object target : cached.values()) {
            if (target instanceof Directory directory) {
                directory.losePower(dice, survival);
            }
        }
        for (Map.Entry<String, Object> name : durable.entrySet()) {
            boolean deleted = !name.getValue().equals(cached.get(name.getKey()));
            if (deleted && name.getValue() instanceof Directory directory) {
                directory.losePower(dice, survival);
            }
        }
    }

    /** After {@link #losePower}: the names and files of the platter become what programs see. */
    void remount(Chance dice, double survival) {
        cached.clear();
        cached.putAll(durable);
        for (Object target : cached.values()) {
            switch (target) {
                case Directory directory -> directory.remount(dice, survival);
                case Inode inode -> inode.losePower(dice, survival);
                default -> throw new IllegalStateException("neither file nor directory");
            }
        }
    }

    /** A copy as it would be if the power went now and nothing unsynced survived. */
    Directory platterOnly() {
        Directory copy = new Directory();
        durable.forEach(
                (name, target) -> {
                    Object copied =
                            target instanceof Directory directory
                                    ? directory.platterOnly()
                                    : ((Inode) target).platterOnly();
                    copy.cached.put(name, copied);
                    copy.durable.put(name, copied);
                });
        return copy;
    }
}
