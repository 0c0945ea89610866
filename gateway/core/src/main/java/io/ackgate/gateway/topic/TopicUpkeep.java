package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.WatchedPrefix;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Notices topics that a gateway has begun to make, to enlarge or to delete and not ended, and has
 * them finished. Looking costs no access to the metadata store as long as nothing is amiss. Any
 * thread.
 */
public final class TopicUpkeep implements AutoCloseable {
    private final MetadataStore store;
    private final TopicCatalog catalog;
    private final TopicCompletion completion;

    /** Guarded by this, as is all below. Per topic its partitions that have a state. */
    private final Map<TopicId, BitSet> made = new HashMap<>();

    /** What was amiss at the last look: a gateway may have been about to end it. */
    private Set<TopicId> suspects = Set.of();

    private @Nullable WatchedPrefix watched;

    TopicUpkeep(MetadataStore store, TopicCatalog catalog, TopicCompletion completion) {
        this.store = store;
        this.catalog = catalog;
        this.completion = completion;
    }

    /**
     * Finishes what is left from before, and knows from then on which partitions there are. Called
     * once, before {@link #look}; completes exceptionally when the store does not answer.
     */
    public CompletionStage<Void> start() {
        return WatchedPrefix.open(store, MetadataKeys.PARTITIONS, this::seen)
                .thenCompose(
                        open -> {
                            synchronized (this) {
                                watched = open;
                            }
                            return completion.completeAll();
                        });
    }

    private synchronized void seen(Entry entry) {
        PartitionId id = MetadataKeys.partitionOf(entry.key());
        if (id == null) {
            return;
        }
        if (entry.version() != MetadataStore.ABSENT) {
            made.computeIfAbsent(id.topic(), topic -> new BitSet()).set(id.partition());
            return;
        }
        BitSet left = made.get(id.topic());
        if (left != null) {
            left.clear(id.partition());
            if (left.isEmpty()) {
                made.remove(id.topic());
            }
        }
    }

    /**
     * Finishes what was amiss at the last look and still is. To be called every few seconds.
     *
     * @return completes when that is done, at once if there was nothing to do; exceptionally when
     *     the store did not answer, and the next look tries again
     */
    public CompletionStage<Void> look() {
        boolean isLeftToUs;
        synchronized (this) {
            Set<TopicId> now = amiss();
            isLeftToUs = now.stream().anyMatch(suspects::contains);
            suspects = now;
        }
        return isLeftToUs ? completion.completeAll() : CompletableFuture.completedFuture(null);
    }

    private Set<TopicId> amiss() {
        Set<TopicId> amiss = new HashSet<>(made.keySet());
        for (Topic topic : catalog.topics()) {
            BitSet its = made.get(topic.id());
            if (its != null && its.cardinality() >= topic.partitions()) {
                amiss.remove(topic.id());
            } else {
                amiss.add(topic.id());
            }
        }
        return amiss;
    }

    @Override
    public synchronized void close() {
        if (watched != null) {
            watched.close();
        }
    }
}
