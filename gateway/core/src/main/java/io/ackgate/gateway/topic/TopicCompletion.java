package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.BoundedWrites;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Finishes what was begun with a topic and not ended, because a gateway went down or the metadata
 * store did not answer: states of partitions that were never made, and states of a topic that is
 * gone. Any gateway may do it at any time, and several at once do no harm.
 */
final class TopicCompletion {
    private final MetadataStore store;
    private final TopicRemoval removal;
    private final BoundedWrites writes = new BoundedWrites();
    private final LongSupplier millis;

    TopicCompletion(MetadataStore store, TopicRemoval removal, LongSupplier millis) {
        this.store = store;
        this.removal = removal;
        this.millis = millis;
    }

    /** Makes the states of partitions that have none yet. */
    CompletionStage<TopicOutcome> complete(Topic topic) {
        return complete(topic, new BitSet())
                .<TopicOutcome>thenApply(done -> new TopicOutcome.Done(topic))
                .exceptionally(
                        failure -> {
                            throw new CompletionException(
                                    "not all of its partitions could be made, they follow later: "
                                            + failure.getMessage(),
                                    null);
                        });
    }

    /**
     * As above.
     *
     * @param made the partitions that are known to have one
     */
    private CompletionStage<Void> complete(Topic topic, BitSet made) {
        return writes.run(
                IntStream.range(0, topic.partitions())
                        .filter(index -> !made.get(index))
                        .mapToObj(index -> stateOf(topic, index))
                        .iterator());
    }

    /** A refusal means that another gateway has made it. */
    private Supplier<CompletionStage<?>> stateOf(Topic topic, int index) {
        return () ->
                store.compareAndSet(
                        MetadataKeys.partition(topic.partition(index)),
                        MetadataStore.ABSENT,
                        PartitionStateCodec.encode(
                                PartitionState.unowned(topic.assignment().get(index))));
    }

    /**
     * Finishes everything there is. Completes when it is done, exceptionally when the store did not
     * answer to some of it.
     */
    CompletionStage<Void> completeAll() {
        // In this order: a topic's key comes before its states, and the key of its deletion goes
        // after them. A state with neither is one that was made while its topic was deleted.
        return store.list(MetadataKeys.PARTITIONS)
                .thenCompose(
                        states ->
                                store.list(MetadataKeys.TOPICS)
                                        .thenCompose(
                                                topics ->
                                                        store.list(MetadataKeys.DELETIONS)
                                                                .thenCompose(
                                                                        deletions ->
                                                                                completeAll(
                                                                                        states,
                                                                                        topics,
                                                                                        deletions))));
    }

    private CompletionStage<Void> completeAll(
            List<Entry> states, List<Entry> topics, List<Entry> deletions) {
        Map<TopicId, BitSet> made = new HashMap<>();
        for (Entry state : states) {
            PartitionId id = MetadataKeys.partitionOf(state.key());
            if (id != null) {
                made.computeIfAbsent(id.topic(), topic -> new BitSet()).set(id.partition());
            }
        }
        List<CompletionStage<?>> all = new ArrayList<>();
        for (Entry entry : topics) {
            Topic topic = TopicCodec.decodeTopic(entry.value());
            BitSet its = made.remove(topic.id());
            all.add(complete(topic, its == null ? new BitSet() : its));
        }
        // The gateway that decided on a deletion records first where the replicas are: this must
        // not take
        // their states away before.
        Set<TopicId> decided = new HashSet<>();
        deletions.forEach(entry -> decided.add(TopicDeletion.decode(entry.value()).id()));
        for (TopicId orphan : made.keySet()) {
            if (!decided.contains(orphan)) {
                all.add(removal.decide("", orphan, millis.getAsLong()).thenCompose(removal::run));
            }
        }
        return CompletableFuture.allOf(
                all.stream()
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new));
    }
}
