package io.ackgate.gateway.offsets;

import io.ackgate.gateway.metadata.MetadataKeys.GroupPartition;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.storage.api.PartitionId;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Forgets groups whose last commit is longer ago than the retention. A group is kept or forgotten
 * as a whole, as Kafka does it: an idle partition does not lose its offset while the others go on.
 */
final class OffsetExpiry {
    private final long retentionMillis;
    private final GroupIndex index;
    private final Deletion deletion;

    /** Deletes a committed offset of a version. */
    interface Deletion {
        /** Whether it is gone; false if it was committed again. */
        CompletionStage<Boolean> delete(GroupPartition key, long version);
    }

    OffsetExpiry(Duration retention, GroupIndex index, Deletion deletion) {
        this.retentionMillis = retention.toMillis();
        this.index = index;
        this.deletion = deletion;
    }

    /** How many groups were forgotten. */
    CompletionStage<Integer> round(long nowMillis) {
        Iterator<Group> old =
                index.list("", Integer.MAX_VALUE).stream()
                        .filter(group -> isExpired(group, nowMillis))
                        .iterator();
        return next(old, 0);
    }

    private boolean isExpired(Group group, long nowMillis) {
        return nowMillis - group.lastCommitMillis() >= retentionMillis;
    }

    private CompletionStage<Integer> next(Iterator<Group> old, int before) {
        if (!old.hasNext()) {
            return CompletableFuture.completedFuture(before);
        }
        String group = old.next().name();
        return forget(group, youngestFirst(index.of(group)).iterator())
                .thenCompose(gone -> next(old, Boolean.TRUE.equals(gone) ? before + 1 : before));
    }

    /** A group that has committed again meanwhile has most likely changed this one. */
    private static List<Map.Entry<PartitionId, GroupIndex.Known>> youngestFirst(
            Map<PartitionId, GroupIndex.Known> its) {
        return its.entrySet().stream()
                .sorted(Comparator.comparingLong(each -> -committedMillis(each.getValue())))
                .toList();
    }

    private static long committedMillis(GroupIndex.Known known) {
        return known.position() == null ? 0 : known.position().committedMillis();
    }

    /** One after the other; ends at the first that was committed again. */
    private CompletionStage<Boolean> forget(
            String group, Iterator<Map.Entry<PartitionId, GroupIndex.Known>> left) {
        if (!left.hasNext()) {
            return CompletableFuture.completedFuture(true);
        }
        Map.Entry<PartitionId, GroupIndex.Known> each = left.next();
        return deletion.delete(new GroupPartition(group, each.getKey()), each.getValue().version())
                .thenCompose(
                        gone ->
                                Boolean.TRUE.equals(gone)
                                        ? forget(group, left)
                                        : CompletableFuture.completedFuture(false));
    }
}
