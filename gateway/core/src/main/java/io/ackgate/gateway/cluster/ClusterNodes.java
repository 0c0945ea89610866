package io.ackgate.gateway.cluster;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.gateway.metadata.codec.ClusterIdentityCodec;
import io.ackgate.gateway.metadata.codec.NodeRegistrationCodec;
import io.ackgate.storage.api.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The cluster's identity and its storage nodes. Any thread; stages complete exceptionally when the
 * metadata store does not answer, and asking again is harmless.
 */
public final class ClusterNodes {
    private final MetadataStore store;
    private final LongSupplier millis;

    /**
     * The nodes that {@code store} knows.
     *
     * @param millis the time, milliseconds since 1970
     */
    public ClusterNodes(MetadataStore store, LongSupplier millis) {
        this.store = store;
        this.millis = millis;
    }

    /**
     * The cluster's id, which is kept from the first time that it is asked for.
     *
     * @param wanted what it is to be then; a new UUID if nothing is wanted
     * @return what it is: something else than is wanted, if it was made before
     */
    public CompletionStage<String> clusterId(Optional<String> wanted) {
        return store.get(MetadataKeys.CLUSTER)
                .thenCompose(
                        entry ->
                                entry.version() == MetadataStore.ABSENT
                                        ? makeClusterId(wanted)
                                        : CompletableFuture.completedFuture(
                                                ClusterIdentityCodec.decode(entry.value())));
    }

    private CompletionStage<String> makeClusterId(Optional<String> wanted) {
        String made = wanted.orElseGet(() -> UUID.randomUUID().toString());
        return store.compareAndSet(
                        MetadataKeys.CLUSTER,
                        MetadataStore.ABSENT,
                        ClusterIdentityCodec.encode(made, millis.getAsLong()))
                .thenApply(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied applied -> made;
                                    case Outcome.Refused(Entry current) ->
                                            ClusterIdentityCodec.decode(current.value());
                                });
    }

    /**
     * Registers a node under its number, unless another data directory is registered there: that
     * one's replicas may be in an ISR, and this one's must not answer in their place.
     *
     * @return the registration that stands: with another cookie than the one given, if there was
     *     one
     */
    public CompletionStage<NodeRegistration> register(NodeId node, String cookie) {
        NodeRegistration mine = new NodeRegistration(node, cookie, millis.getAsLong());
        return store.compareAndSet(
                        MetadataKeys.node(node),
                        MetadataStore.ABSENT,
                        NodeRegistrationCodec.encode(mine))
                .thenApply(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied applied -> mine;
                                    case Outcome.Refused(Entry current) ->
                                            NodeRegistrationCodec.decode(current.value());
                                });
    }

    /** The registered nodes in the order of their numbers. */
    public CompletionStage<List<NodeRegistration>> list() {
        return store.list(MetadataKeys.NODES)
                .thenApply(
                        entries ->
                                entries.stream()
                                        .map(entry -> NodeRegistrationCodec.decode(entry.value()))
                                        .sorted(Comparator.comparing(NodeRegistration::node))
                                        .toList());
    }
}
