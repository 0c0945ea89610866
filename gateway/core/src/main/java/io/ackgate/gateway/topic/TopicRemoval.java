package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.BoundedWrites;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Takes a topic whose deletion is decided out of the metadata store: first its key, so that its
 * name is free and nobody hosts it, then the states of its partitions, then the offsets committed
 * in it.
 *
 * <p>The decision is the key of its {@link TopicDeletion}. From there on any gateway can go on,
 * also after a crash, and several at once do no harm.
 */
public final class TopicRemoval {
    private final MetadataStore store;
    private final BoundedWrites writes = new BoundedWrites();

    public TopicRemoval(MetadataStore store) {
        this.store = store;
    }

    /**
     * Decides on the deletion of a topic; if that was done before, nothing changes.
     *
     * @return what was decided
     */
    CompletionStage<TopicDeletion> decide(Topic topic, long nowMillis) {
        return decide(topic.name(), topic.id(), nowMillis);
    }

    /**
     * As above, of a topic that may be gone already.
     *
     * @param name empty if it is not known any more
     */
    CompletionStage<TopicDeletion> decide(String name, TopicId id, long nowMillis) {
        TopicDeletion deletion = new TopicDeletion(name, id, List.of(), nowMillis);
        return store.compareAndSet(
                        MetadataKeys.deletion(id),
                        MetadataStore.ABSENT,
                        TopicCodec.encode(deletion))
                .thenApply(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied applied -> deletion;
                                    case Outcome.Refused(Entry current) ->
                                            TopicCodec.decodeDeletion(current.value());
                                });
    }

    /** Completes when the metadata store holds nothing of the topic but its deletion. */
    public CompletionStage<Void> run(TopicDeletion deletion) {
        return removeTopic(deletion)
                .thenCompose(done -> removePartitions(deletion))
                .thenCompose(done -> removeAll(MetadataKeys.offsets(deletion.id())));
    }

    private CompletionStage<Void> removeTopic(TopicDeletion deletion) {
        String key = MetadataKeys.topic(deletion.name());
        return store.get(key)
                .thenCompose(
                        entry -> {
                            if (entry.version() == MetadataStore.ABSENT
                                    || !TopicCodec.decodeTopic(entry.value())
                                            .id()
                                            .equals(deletion.id())) {
                                return CompletableFuture.completedFuture(null);
                            }
                            return store.delete(key, entry.version())
                                    .thenCompose(
                                            outcome ->
                                                    outcome instanceof Outcome.Applied
                                                            ? CompletableFuture.completedFuture(
                                                                    null)
                                                            : removeTopic(deletion));
                        });
    }

    /** Remembers where the replicas are before it forgets the states that tell. */
    private CompletionStage<Void> removePartitions(TopicDeletion deletion) {
        return store.list(MetadataKeys.partitions(deletion.id()))
                .thenCompose(
                        states ->
                                states.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : remember(deletion, states)
                                                .thenCompose(known -> removeEach(states))
                                                .thenCompose(done -> removePartitions(deletion)));
    }

    private CompletionStage<Void> remember(TopicDeletion deletion, List<Entry> states) {
        String key = MetadataKeys.deletion(deletion.id());
        return store.get(key)
                .thenCompose(
                        entry -> {
                            if (entry.version() == MetadataStore.ABSENT) {
                                // Another gateway has come to the end of it.
                                return CompletableFuture.completedFuture(null);
                            }
                            TopicDeletion known = TopicCodec.decodeDeletion(entry.value());
                            TopicDeletion more = merge(known, states);
                            if (more.equals(known)) {
                                return CompletableFuture.completedFuture(null);
                            }
                            return store.compareAndSet(
                                            key, entry.version(), TopicCodec.encode(more))
                                    .thenCompose(
                                            outcome ->
                                                    outcome instanceof Outcome.Applied
                                                            ? CompletableFuture.completedFuture(
                                                                    null)
                                                            : remember(deletion, states));
                        });
    }

    private static TopicDeletion merge(TopicDeletion known, List<Entry> states) {
        List<TopicDeletion.Replicas> partitions = new ArrayList<>(known.partitions());
        for (Entry entry : states) {
            PartitionId id = MetadataKeys.partitionOf(entry.key());
            if (id == null) {
                continue;
            }
            PartitionState state = PartitionStateCodec.decode(entry.value());
            while (partitions.size() <= id.partition()) {
                partitions.add(new TopicDeletion.Replicas(1, List.of()));
            }
            TopicDeletion.Replicas before = partitions.get(id.partition());
            Set<NodeId> nodes = new LinkedHashSet<>(before.nodes());
            state.replicas().stream().map(ReplicaRef::node).forEach(nodes::add);
            partitions.set(
                    id.partition(),
                    new TopicDeletion.Replicas(
                            Math.max(before.epoch(), state.leaderEpoch() + 1), List.copyOf(nodes)));
        }
        return new TopicDeletion(known.name(), known.id(), partitions, known.requestedMillis());
    }

    private CompletionStage<Void> removeAll(String prefix) {
        return store.list(prefix)
                .thenCompose(
                        entries ->
                                entries.isEmpty()
                                        ? CompletableFuture.completedFuture(null)
                                        : removeEach(entries)
                                                .thenCompose(done -> removeAll(prefix)));
    }

    /** Deletes each as it was listed; one that has changed since is left to the next round. */
    private CompletionStage<Void> removeEach(List<Entry> entries) {
        return writes.run(
                entries.stream()
                        .<Supplier<CompletionStage<?>>>map(
                                entry -> () -> store.delete(entry.key(), entry.version()))
                        .iterator());
    }
}
