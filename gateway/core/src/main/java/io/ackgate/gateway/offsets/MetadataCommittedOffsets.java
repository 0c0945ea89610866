package io.ackgate.gateway.offsets;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Committed;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Refused;
import io.ackgate.storage.api.PartitionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Committed offsets as keys of the metadata store, one per group and partition.
 *
 * <p>Of one key one commit is under way at a time. Those that come meanwhile wait, and only the
 * last of them is stored: the others are fulfilled by it, as if they had been stored before it.
 */
public final class MetadataCommittedOffsets implements CommittedOffsets {
    /** Versions remembered, so that a group that commits again asks the store once, not twice. */
    private static final int MAX_REMEMBERED = 10_000;

    /** Commits that wait for the store; above it they fail at once. */
    private static final int MAX_WAITING = 100_000;

    private static final int MAX_GROUP_LENGTH = 249;
    private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final MetadataStore store;
    private final LongSupplier millis;

    /** Guarded by this, as is all below. The least recently used version is forgotten first. */
    private final Map<String, Long> versions = new LinkedHashMap<>(16, 0.75f, true);

    /** The keys with a commit under way. */
    private final Map<String, Commits> underWay = new HashMap<>();

    private int waiting;

    /** What waits for its turn on one key. */
    private static final class Commits {
        byte @Nullable [] next;
        List<CompletableFuture<CommitOutcome>> callers = new ArrayList<>();
    }

    /**
     * The offsets in {@code store}.
     *
     * @param millis the time, milliseconds since 1970
     */
    public MetadataCommittedOffsets(MetadataStore store, LongSupplier millis) {
        this.store = store;
        this.millis = millis;
    }

    @Override
    public CompletionStage<CommitOutcome> commit(
            String group, PartitionId partition, long offset, int leaderEpoch, String metadata) {
        Refused wrong = problemWith(group, offset, metadata);
        if (wrong != null) {
            return CompletableFuture.completedFuture(wrong);
        }
        Position position = new Position(offset, leaderEpoch, metadata, millis.getAsLong());
        return commit(MetadataKeys.offset(partition, group), CommittedOffsetCodec.encode(position));
    }

    private CompletionStage<CommitOutcome> commit(String key, byte[] value) {
        CompletableFuture<CommitOutcome> caller = new CompletableFuture<>();
        boolean idle;
        synchronized (this) {
            if (waiting >= MAX_WAITING) {
                return CompletableFuture.failedFuture(
                        new IOException(MAX_WAITING + " commits wait; try again"));
            }
            waiting++;
            Commits commits = underWay.get(key);
            idle = commits == null;
            if (commits == null) {
                commits = new Commits();
                underWay.put(key, commits);
            }
            commits.next = value;
            commits.callers.add(caller);
        }
        if (idle) {
            storeNext(key);
        }
        return caller;
    }

    /** Stores what came last, if anything came, and then what has come meanwhile. */
    private void storeNext(String key) {
        byte[] value;
        long expected;
        List<CompletableFuture<CommitOutcome>> callers;
        synchronized (this) {
            Commits commits = underWay.get(key);
            if (commits == null || commits.next == null) {
                underWay.remove(key);
                return;
            }
            value = commits.next;
            callers = commits.callers;
            commits.next = null;
            commits.callers = new ArrayList<>();
            expected = versions.getOrDefault(key, MetadataStore.ABSENT);
        }
        put(key, expected, value)
                .whenComplete(
                        (version, failure) -> {
                            stored(key, version, callers.size());
                            for (CompletableFuture<CommitOutcome> caller : callers) {
                                if (failure == null) {
                                    caller.complete(new Committed());
                                } else {
                                    caller.completeExceptionally(failure);
                                }
                            }
                            storeNext(key);
                        });
    }

    private synchronized void stored(String key, @Nullable Long version, int callers) {
        waiting -= callers;
        if (version == null) {
            versions.remove(key);
            return;
        }
        versions.put(key, version);
        if (versions.size() > MAX_REMEMBERED) {
            versions.remove(versions.keySet().iterator().next());
        }
    }

    /** The last commit wins: one that was overtaken goes on from the newer version. */
    private CompletionStage<Long> put(String key, long expected, byte[] value) {
        return store.compareAndSet(key, expected, value)
                .thenCompose(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied(long version) ->
                                            CompletableFuture.completedFuture(version);
                                    case Outcome.Refused(Entry current) ->
                                            put(key, current.version(), value);
                                });
    }

    private static @Nullable Refused problemWith(String group, long offset, String metadata) {
        if (!GROUP.matcher(group).matches()) {
            return new Refused(
                    "INVALID_GROUP_ID",
                    "group '%s': use 1 to %d letters, digits, dots, underscores and hyphens of ASCII"
                            .formatted(
                                    group.length() > MAX_GROUP_LENGTH
                                            ? group.substring(0, 20) + "…"
                                            : group,
                                    MAX_GROUP_LENGTH));
        }
        if (offset < 0) {
            return new Refused(
                    "OFFSET_OUT_OF_RANGE",
                    "offset %d: commit the next offset to be read, 0 or more".formatted(offset));
        }
        int bytes = metadata.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_METADATA_BYTES) {
            return new Refused(
                    "OFFSET_METADATA_TOO_LARGE",
                    "metadata of %d bytes: give %d at most".formatted(bytes, MAX_METADATA_BYTES));
        }
        return null;
    }

    @Override
    public CompletionStage<Optional<Position>> get(String group, PartitionId partition) {
        if (!GROUP.matcher(group).matches()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return store.get(MetadataKeys.offset(partition, group))
                .thenApply(
                        entry ->
                                entry.version() == MetadataStore.ABSENT
                                        ? Optional.empty()
                                        : Optional.of(CommittedOffsetCodec.decode(entry.value())));
    }
}
