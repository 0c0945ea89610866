package io.ackgate.gateway.topic;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.gateway.topic.TopicOutcome.Done;
import io.ackgate.gateway.topic.TopicOutcome.Refused;
import io.ackgate.gateway.topic.TopicOutcome.Unknown;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Topics in the metadata store.
 *
 * <p>A topic exists from the moment its key does. The states of its partitions are made right
 * after, by whoever made the key, or, if that gateway could not, by the {@link TopicUpkeep} of any.
 */
public final class MetadataTopics implements Topics {
    private final MetadataStore store;
    private final TopicCatalog catalog;
    private final ClusterNodes nodes;
    private final TopicRemoval removal;
    private final TopicCompletion completion;
    private final LongSupplier millis;
    private final TopicPolicy policy;
    private final PartitionBudget budget;

    /** The topics in {@code store}, under the policy that holds where nothing is set. */
    public MetadataTopics(
            MetadataStore store, TopicCatalog catalog, ClusterNodes nodes, LongSupplier millis) {
        this(store, catalog, nodes, TopicPolicy.DEFAULTS, millis);
    }

    /**
     * The topics in {@code store}.
     *
     * @param catalog what is answered without waiting; started by the caller
     * @param policy one with which nothing is wrong
     * @param millis the time, milliseconds since 1970
     */
    public MetadataTopics(
            MetadataStore store,
            TopicCatalog catalog,
            ClusterNodes nodes,
            TopicPolicy policy,
            LongSupplier millis) {
        this.store = store;
        this.catalog = catalog;
        this.nodes = nodes;
        this.policy = policy;
        this.budget = new PartitionBudget(catalog, policy.maxTotalPartitions());
        this.removal = new TopicRemoval(store);
        this.completion = new TopicCompletion(store, removal, millis);
        this.millis = millis;
    }

    // ---- create

    @Override
    public CompletionStage<TopicOutcome> create(TopicSpec spec) {
        int partitions = spec.partitions().orElse(policy.partitions());
        Refused wrong = TopicRules.name(spec.name());
        if (wrong == null) {
            wrong = TopicRules.partitions(partitions);
        }
        if (wrong != null) {
            return CompletableFuture.completedFuture(wrong);
        }
        return known(
                nodes.list()
                        .thenCompose(
                                registered ->
                                        create(
                                                spec,
                                                partitions,
                                                registered.stream()
                                                        .map(NodeRegistration::node)
                                                        .toList())),
                "created",
                spec.name());
    }

    private CompletionStage<TopicOutcome> create(
            TopicSpec spec, int partitions, List<NodeId> registered) {
        int replicationFactor = spec.replicationFactor().orElse(policy.replicationFactor());
        Map<String, String> settings = policy.settings(replicationFactor, spec.settings());
        Refused wrong =
                TopicRules.replicationFactor(
                        replicationFactor, spec.replicationFactor().isEmpty(), registered);
        if (wrong == null) {
            wrong = TopicRules.settings(replicationFactor, settings);
        }
        if (wrong != null) {
            return CompletableFuture.completedFuture(wrong);
        }
        UUID random = UUID.randomUUID();
        TopicId id = new TopicId(random.getMostSignificantBits(), random.getLeastSignificantBits());
        Topic topic =
                new Topic(
                        spec.name(),
                        id,
                        replicationFactor,
                        ReplicaPlacement.assign(id, 0, partitions, replicationFactor, registered),
                        settings,
                        TopicSettings.resolve(replicationFactor, settings),
                        millis.getAsLong());
        return budget.spend(partitions, () -> create(topic));
    }

    private CompletionStage<TopicOutcome> create(Topic topic) {
        return store.compareAndSet(
                        MetadataKeys.topic(topic.name()),
                        MetadataStore.ABSENT,
                        TopicCodec.encode(topic))
                .thenCompose(
                        outcome ->
                                outcome instanceof Outcome.Applied
                                        ? completion.complete(topic)
                                        : CompletableFuture.completedFuture(exists(topic.name())));
    }

    private static Refused exists(String name) {
        return new Refused(
                ErrorCode.TOPIC_ALREADY_EXISTS,
                "topic %s exists: choose another name, or alter it".formatted(name));
    }

    /** Finishes topics that a gateway has left half made. */
    public TopicUpkeep upkeep() {
        return new TopicUpkeep(store, catalog, completion);
    }

    // ---- look

    @Override
    public CompletionStage<TopicOutcome> describe(String name) {
        return known(
                store.get(MetadataKeys.topic(name))
                        .thenApply(
                                entry ->
                                        entry.version() == MetadataStore.ABSENT
                                                ? unknown(name)
                                                : new Done(TopicCodec.decodeTopic(entry.value()))),
                "described",
                name);
    }

    private static Refused unknown(String name) {
        return new Refused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "there is no topic %s: create it, or list the topics there are".formatted(name));
    }

    @Override
    public CompletionStage<List<Topic>> list() {
        return store.list(MetadataKeys.TOPICS)
                .thenApply(
                        entries ->
                                entries.stream()
                                        .map(entry -> TopicCodec.decodeTopic(entry.value()))
                                        .toList());
    }

    @Override
    public @Nullable Topic cached(String name) {
        return catalog.topic(name);
    }

    @Override
    public @Nullable Topic cached(TopicId id) {
        return catalog.topic(id);
    }

    @Override
    public List<Topic> cached() {
        return catalog.topics();
    }

    // ---- alter

    @Override
    public CompletionStage<TopicOutcome> alter(String name, TopicChange change) {
        return known(
                nodes.list()
                        .thenCompose(
                                registered ->
                                        update(
                                                name,
                                                topic ->
                                                        altered(
                                                                topic,
                                                                change,
                                                                registered.stream()
                                                                        .map(NodeRegistration::node)
                                                                        .toList()))),
                "altered",
                name);
    }

    private TopicOutcome altered(Topic topic, TopicChange change, List<NodeId> registered) {
        for (String key : change.settings().keySet()) {
            if (TopicSetting.of(key) == null) {
                // Also one that is to go back to its default.
                return TopicRules.unknownSetting(key);
            }
        }
        Map<String, String> overrides =
                TopicRules.changed(
                        topic.overrides(),
                        change.settings(),
                        policy.settings(topic.replicationFactor(), Map.of()));
        int partitions = change.partitions().orElse(topic.partitions());
        Refused wrong = TopicRules.morePartitions(topic, partitions);
        if (wrong == null) {
            wrong = TopicRules.settings(topic.replicationFactor(), overrides);
        }
        if (wrong == null && partitions > topic.partitions()) {
            wrong = TopicRules.replicationFactor(topic.replicationFactor(), false, registered);
        }
        if (wrong != null) {
            return wrong;
        }
        List<List<NodeId>> assignment = new ArrayList<>(topic.assignment());
        if (partitions > topic.partitions()) {
            assignment.addAll(
                    ReplicaPlacement.assign(
                            topic.id(),
                            topic.partitions(),
                            partitions,
                            topic.replicationFactor(),
                            registered));
        }
        return new Done(
                new Topic(
                        topic.name(),
                        topic.id(),
                        topic.replicationFactor(),
                        assignment,
                        overrides,
                        TopicSettings.resolve(topic.replicationFactor(), overrides),
                        topic.createdMillis()));
    }

    /** Stores what {@code change} makes of the topic, from whatever it is then. */
    private CompletionStage<TopicOutcome> update(
            String name, Function<Topic, TopicOutcome> change) {
        String key = MetadataKeys.topic(name);
        return store.get(key)
                .thenCompose(
                        entry -> {
                            if (entry.version() == MetadataStore.ABSENT) {
                                return CompletableFuture.completedFuture(unknown(name));
                            }
                            Topic before = TopicCodec.decodeTopic(entry.value());
                            TopicOutcome wanted = change.apply(before);
                            if (!(wanted instanceof Done(Topic next))) {
                                return CompletableFuture.completedFuture(wanted);
                            }
                            int more = next.partitions() - before.partitions();
                            return more == 0
                                    ? replace(entry, next, change)
                                    : budget.spend(more, () -> replace(entry, next, change));
                        });
    }

    private CompletionStage<TopicOutcome> replace(
            Entry entry, Topic next, Function<Topic, TopicOutcome> change) {
        return store.compareAndSet(entry.key(), entry.version(), TopicCodec.encode(next))
                .thenCompose(
                        outcome ->
                                outcome instanceof Outcome.Applied
                                        ? completion.complete(next)
                                        : update(next.name(), change));
    }

    // ---- delete

    @Override
    public CompletionStage<TopicOutcome> delete(String name) {
        return known(
                describe(name)
                        .thenCompose(
                                outcome ->
                                        outcome instanceof Done(Topic topic)
                                                ? delete(topic)
                                                : CompletableFuture.completedFuture(outcome)),
                "deleted",
                name);
    }

    private CompletionStage<TopicOutcome> delete(Topic topic) {
        return removal.decide(topic, millis.getAsLong())
                .thenCompose(removal::run)
                .thenApply(done -> new Done(topic));
    }

    /** A metadata store that does not answer leaves the outcome unknown, and not an exception. */
    private static CompletionStage<TopicOutcome> known(
            CompletionStage<TopicOutcome> stage, String what, String name) {
        return stage.exceptionally(
                failure -> {
                    Throwable cause =
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                    if (cause instanceof MetadataFullException full) {
                        return new Refused(ErrorCode.POLICY_VIOLATION, full.detail());
                    }
                    return new Unknown(
                            "topic %s may have been %s or not, the metadata store did not answer (%s): describe it to see"
                                    .formatted(name, what, cause.getMessage()));
                });
    }
}
