package io.ackgate.gateway.offsets;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.BoundedWrites;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataKeys.GroupPartition;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.WatchedPrefix;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Refused;
import io.ackgate.gateway.topic.NameRules;
import io.ackgate.storage.api.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Committed offsets as keys of the metadata store, one per group and partition. */
public final class MetadataCommittedOffsets
        implements CommittedOffsets, ConsumerGroups, AutoCloseable {
    private final MetadataStore store;
    private final LongSupplier millis;
    private final GroupIndex index;
    private final OffsetCommits commits;
    private final BoundedWrites deletions = new BoundedWrites();
    private final OffsetExpiry expiry;
    private volatile @Nullable WatchedPrefix watched;

    /**
     * The offsets in {@code store}.
     *
     * @param millis the time, milliseconds since 1970
     */
    public MetadataCommittedOffsets(
            MetadataStore store, OffsetSettings settings, LongSupplier millis) {
        this.store = store;
        this.millis = millis;
        this.index = new GroupIndex(settings);
        this.commits = new OffsetCommits(store, index);
        this.expiry = new OffsetExpiry(settings.retention(), index, this::deleteAsKnown);
    }

    /** Completes when every group there is is known. Called once. */
    public CompletionStage<Void> start() {
        return WatchedPrefix.open(store, MetadataKeys.OFFSETS, index::seen)
                .thenAccept(open -> watched = open);
    }

    /**
     * Forgets the offsets of groups that have committed nothing for the time of their retention.
     *
     * @param nowMillis the time by which their age is judged, milliseconds since 1970
     * @return how many groups were forgotten
     */
    public CompletionStage<Integer> expire(long nowMillis) {
        return expiry.round(nowMillis);
    }

    @Override
    public CompletionStage<CommitOutcome> commit(
            String group, PartitionId partition, long offset, int leaderEpoch, String metadata) {
        Refused wrong = problemWith(group, offset, metadata);
        if (wrong != null) {
            return CompletableFuture.completedFuture(wrong);
        }
        return commits.commit(
                new GroupPartition(group, partition),
                new Position(offset, leaderEpoch, metadata, millis.getAsLong()));
    }

    private static @Nullable Refused problemWith(String group, long offset, String metadata) {
        if (!NameRules.legal(group)) {
            return new Refused(
                    ErrorCode.INVALID_GROUP_ID,
                    "group %s: %s".formatted(NameRules.shown(group), NameRules.ALLOWED));
        }
        if (offset < 0) {
            return new Refused(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset %d: commit the next offset to be read, 0 or more".formatted(offset));
        }
        int bytes = metadata.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_METADATA_BYTES) {
            return new Refused(
                    ErrorCode.OFFSET_METADATA_TOO_LARGE,
                    "metadata of %d bytes: give %d at most".formatted(bytes, MAX_METADATA_BYTES));
        }
        return null;
    }

    @Override
    public CompletionStage<Optional<Position>> get(String group, PartitionId partition) {
        if (!NameRules.legal(group)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return store.get(MetadataKeys.offset(partition, group))
                .thenApply(
                        entry ->
                                entry.version() == MetadataStore.ABSENT
                                        ? Optional.empty()
                                        : Optional.of(CommittedOffsetCodec.decode(entry.value())));
    }

    // ---- groups

    @Override
    public List<Group> list(String after, int most) {
        return index.list(after, most);
    }

    @Override
    public Map<PartitionId, Position> positions(String group) {
        Map<PartitionId, Position> positions = new HashMap<>();
        index.of(group)
                .forEach(
                        (partition, known) -> {
                            if (known.position() != null) {
                                positions.put(partition, known.position());
                            }
                        });
        return positions;
    }

    @Override
    public CompletionStage<Boolean> delete(String group) {
        Map<PartitionId, GroupIndex.Known> its = index.of(group);
        return deletions
                .run(
                        its.entrySet().stream()
                                .<Supplier<CompletionStage<?>>>map(
                                        each ->
                                                () ->
                                                        delete(
                                                                new GroupPartition(
                                                                        group, each.getKey()),
                                                                each.getValue().version()))
                                .iterator())
                .thenApply(done -> !its.isEmpty());
    }

    /** Whatever version it has by now. */
    private CompletionStage<Boolean> delete(GroupPartition key, long version) {
        return store.delete(MetadataKeys.offset(key.partition(), key.group()), version)
                .thenCompose(
                        outcome -> {
                            if (outcome instanceof Outcome.Refused(Entry current)
                                    && current.version() != MetadataStore.ABSENT) {
                                return delete(key, current.version());
                            }
                            index.removed(key);
                            return CompletableFuture.completedFuture(true);
                        });
    }

    /** Unless it was committed again meanwhile. */
    private CompletionStage<Boolean> deleteAsKnown(GroupPartition key, long version) {
        return store.delete(MetadataKeys.offset(key.partition(), key.group()), version)
                .thenApply(
                        outcome -> {
                            boolean gone =
                                    switch (outcome) {
                                        case Outcome.Applied applied -> true;
                                        case Outcome.Refused(Entry current) ->
                                                current.version() == MetadataStore.ABSENT;
                                    };
                            if (gone) {
                                index.removed(key);
                            }
                            return gone;
                        });
    }

    @Override
    public void close() {
        WatchedPrefix open = watched;
        if (open != null) {
            open.close();
        }
    }
}
