package io.ackgate.gateway.offsets;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Committed;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Refused;
import io.ackgate.storage.api.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Committed offsets as keys of the metadata store, one per group and partition. */
public final class MetadataCommittedOffsets implements CommittedOffsets {
    /** Versions remembered, so that a group that commits again asks the store once, not twice. */
    private static final int MAX_REMEMBERED = 10_000;

    private static final int MAX_GROUP_LENGTH = 249;
    private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final MetadataStore store;
    private final LongSupplier millis;
    private final Map<String, Long> versions =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                            return size() > MAX_REMEMBERED;
                        }
                    });

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
        String key = MetadataKeys.offset(partition, group);
        return put(
                key,
                versions.getOrDefault(key, MetadataStore.ABSENT),
                CommittedOffsetCodec.encode(position));
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

    /** The last commit wins, so that one that was overtaken goes on from the newer version. */
    private CompletionStage<CommitOutcome> put(String key, long expected, byte[] value) {
        return store.compareAndSet(key, expected, value)
                .thenCompose(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied(long version) -> {
                                        versions.put(key, version);
                                        yield CompletableFuture.completedFuture(new Committed());
                                    }
                                    case Outcome.Refused(Entry current) ->
                                            put(key, current.version(), value);
                                });
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
