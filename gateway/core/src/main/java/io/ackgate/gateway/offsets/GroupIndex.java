package io.ackgate.gateway.offsets;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataKeys.GroupPartition;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every committed offset by its group, in memory, and what is on its way there. Any thread.
 *
 * <p>Bounded by {@link OffsetSettings}: a group that commits in a partition for the first time
 * takes a place before it is stored. What other gateways have stored is taken in all the same.
 */
final class GroupIndex {
    private final OffsetSettings settings;

    /** Guarded by this, as is all below. */
    private final NavigableMap<String, Map<PartitionId, Known>> groups = new TreeMap<>();

    private int positions;

    /**
     * A committed offset.
     *
     * @param version of its key; {@link MetadataStore#ABSENT} for a place that was taken
     * @param position null for a place that was taken
     */
    record Known(long version, @Nullable Position position) {
        private static final Known TAKEN = new Known(MetadataStore.ABSENT, null);
    }

    GroupIndex(OffsetSettings settings) {
        this.settings = settings;
    }

    /** A change of a key of a committed offset. */
    void seen(Entry entry) {
        GroupPartition key = MetadataKeys.groupPartitionOf(entry.key());
        if (key == null) {
            return;
        }
        if (entry.version() == MetadataStore.ABSENT) {
            removed(key);
        } else {
            stored(key, entry.version(), CommittedOffsetCodec.decode(entry.value()));
        }
    }

    /** A commit is stored; an older version of the same changes nothing. */
    synchronized void stored(GroupPartition key, long version, Position position) {
        Known before = known(key);
        if (before == null || before.version < version) {
            put(key, new Known(version, position));
        }
    }

    synchronized void removed(GroupPartition key) {
        Map<PartitionId, Known> its = groups.get(key.group());
        if (its != null && its.remove(key.partition()) != null) {
            positions--;
            if (its.isEmpty()) {
                groups.remove(key.group());
            }
        }
    }

    /** What is known of a key; null if nothing is. */
    synchronized @Nullable Known known(GroupPartition key) {
        Map<PartitionId, Known> its = groups.get(key.group());
        return its == null ? null : its.get(key.partition());
    }

    /**
     * Takes a place for a commit, unless it has one.
     *
     * @return what is wrong, with what is allowed; null if there is room
     */
    synchronized @Nullable String takePlace(GroupPartition key) {
        if (known(key) != null) {
            return null;
        }
        if (positions >= settings.maxPositions()) {
            return ("%d offsets of consumer groups are kept, and %d are allowed: delete groups that"
                            + " are not needed, or allow more (ackgate.offsets.max-positions)")
                    .formatted(positions, settings.maxPositions());
        }
        if (groups.size() >= settings.maxGroups() && !groups.containsKey(key.group())) {
            return ("%d consumer groups are kept, and %d are allowed: delete groups that are not"
                            + " needed, or allow more (ackgate.offsets.max-groups)")
                    .formatted(groups.size(), settings.maxGroups());
        }
        put(key, Known.TAKEN);
        return null;
    }

    /** The commit that took a place was not stored. */
    synchronized void givePlaceBack(GroupPartition key) {
        if (Known.TAKEN.equals(known(key))) {
            removed(key);
        }
    }

    private void put(GroupPartition key, Known known) {
        if (groups.computeIfAbsent(key.group(), group -> new HashMap<>())
                        .put(key.partition(), known)
                == null) {
            positions++;
        }
    }

    /** What a group has stored. */
    synchronized Map<PartitionId, Known> of(String group) {
        Map<PartitionId, Known> stored = new HashMap<>(groups.getOrDefault(group, Map.of()));
        stored.values().removeIf(Known.TAKEN::equals);
        return stored;
    }

    /** Groups that have stored anything, in the order of their names. */
    synchronized List<Group> list(String after, int most) {
        return groups.tailMap(after, false).entrySet().stream()
                .map(entry -> summary(entry.getKey(), entry.getValue()))
                .filter(group -> group.positions() > 0)
                .limit(most)
                .toList();
    }

    private static Group summary(String name, Map<PartitionId, Known> its) {
        int count = 0;
        long last = 0;
        for (Known known : its.values()) {
            if (known.position != null) {
                count++;
                last = Math.max(last, known.position.committedMillis());
            }
        }
        return new Group(name, count, last);
    }
}
