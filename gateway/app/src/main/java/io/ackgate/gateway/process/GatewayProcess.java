package io.ackgate.gateway.process;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.config.CoreSettings;
import io.ackgate.gateway.config.TopicDefaults;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.offsets.ConsumerGroups;
import io.ackgate.gateway.offsets.MetadataCommittedOffsets;
import io.ackgate.gateway.offsets.OffsetSettings;
import io.ackgate.gateway.producer.MetadataProducerIds;
import io.ackgate.gateway.producer.ProducerIds;
import io.ackgate.gateway.runtime.Gateway;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.Lease;
import io.ackgate.gateway.runtime.PartitionEventListener;
import io.ackgate.gateway.topic.MetadataTopics;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageNodes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's process but its edge: the metadata store, the way to the storage nodes, and the
 * gateway between them. Made, started and stopped once each.
 */
final class GatewayProcess implements ClusterView, ProcessState, OrderlyStop {
    private static final Logger LOG = Logger.getLogger(GatewayProcess.class);

    /** How long nodes may take to recover before requests are let in all the same. */
    private static final Duration NODES_PATIENCE = Duration.ofSeconds(10);

    private final String clusterId;
    private final Supplier<String> address;
    private final MetadataStore metadata;
    private final StorageSide storage;
    private final WatchedTransport transport;
    private final NodeRegistrar registrar;
    private final Gateway gateway;
    private final MetadataTopics topics;
    private final TopicUpkeepTimer upkeep;
    private final MetadataProducerIds producerIds;
    private final MetadataCommittedOffsets committedOffsets;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * Opens what is there, or makes it.
     *
     * @param address host:port for clients, asked for when it is known
     * @throws IOException if another gateway uses the metadata, or it cannot be read
     */
    static GatewayProcess open(
            AckgateConfig config, Supplier<String> address, StorageMetrics metrics)
            throws IOException {
        return new GatewayProcess(
                config, address, metrics, MetadataSide.open(config, address.get()));
    }

    private GatewayProcess(
            AckgateConfig config,
            Supplier<String> address,
            StorageMetrics metrics,
            MetadataSide side) {
        this.address = address;
        this.metadata = side.store();
        ClusterNodes registry = new ClusterNodes(metadata, System::currentTimeMillis);
        this.clusterId = clusterId(registry, config.clusterId());
        Lease lease = side.lease();
        this.storage = StorageSide.of(config, clusterId, lease.session().value(), metrics);
        this.registrar = new NodeRegistrar(storage.nodes(), registry);
        this.transport =
                new WatchedTransport(
                        storage.transport(),
                        new AppendSamples(System::nanoTime, metrics::appended));
        TopicCatalog catalog = new TopicCatalog();
        this.gateway = new Gateway(CoreSettings.of(config), metadata, transport, lease, catalog);
        this.topics =
                new MetadataTopics(
                        metadata,
                        catalog,
                        registry,
                        TopicDefaults.policy(config),
                        System::currentTimeMillis);
        this.producerIds = new MetadataProducerIds(metadata);
        this.committedOffsets =
                new MetadataCommittedOffsets(
                        metadata,
                        new OffsetSettings(
                                config.offsets().retention(),
                                config.offsets().maxGroups(),
                                config.offsets().maxPositions()),
                        System::currentTimeMillis);
        this.upkeep = new TopicUpkeepTimer(topics.upkeep(), committedOffsets);
    }

    private static String clusterId(ClusterNodes registry, Optional<String> given) {
        String kept = registry.clusterId(given).toCompletableFuture().join();
        if (given.isPresent() && !given.get().equals(kept)) {
            throw new IllegalArgumentException(
                    "ackgate.cluster-id was given as '%s' and the metadata in ackgate.data.dir belong to cluster '%s': leave the setting out, or give the directory of that cluster"
                            .formatted(given.get(), kept));
        }
        return kept;
    }

    /** Starts everything; when it returns, partitions are being taken over. */
    void start(List<PartitionEventListener> listeners) {
        listeners.forEach(gateway::addEventListener);
        gateway.start().toCompletableFuture().join();
        committedOffsets.start().toCompletableFuture().join();
        upkeep.start();
        registrar
                .start()
                .completeOnTimeout(null, NODES_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!registrar.missing().isEmpty()) {
            LOG.warnf("going on without %s for now", registrar.missing());
        }
    }

    @Override
    public void stop(Duration drain) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        upkeep.close();
        committedOffsets.close();
        registrar.close();
        gateway.stop(drain);
        metadata.close();
    }

    Topics topics() {
        return topics;
    }

    ProducerIds producerIds() {
        return producerIds;
    }

    CommittedOffsets committedOffsets() {
        return committedOffsets;
    }

    ConsumerGroups consumerGroups() {
        return committedOffsets;
    }

    GatewayRuntime runtime() {
        return gateway;
    }

    NodeSwitch nodeSwitch() {
        return storage.nodeSwitch();
    }

    StorageNodes storageNodes() {
        return storage.nodes();
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public String mode() {
        return "standalone";
    }

    @Override
    public List<KnownNode> nodes() {
        Set<NodeId> missing = registrar.missing();
        return storage.addresses().entrySet().stream()
                .map(
                        node ->
                                new KnownNode(
                                        node.getKey(),
                                        node.getValue(),
                                        transport.isConnected(node.getKey()),
                                        !missing.contains(node.getKey())))
                .toList();
    }

    @Override
    public List<LiveGateway> gateways() {
        return List.of(new LiveGateway(gateway.session().toString(), address.get(), true));
    }

    @Override
    public @Nullable String failure() {
        String failed = metadata.failure();
        if (failed != null) {
            return failed;
        }
        String lost = gateway.lostLease();
        return lost == null ? null : "the lease of this gateway is lost: " + lost;
    }
}
