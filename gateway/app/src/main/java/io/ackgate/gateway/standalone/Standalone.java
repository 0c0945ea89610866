package io.ackgate.gateway.standalone;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.gateway.metadata.embedded.DirectoryLock;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.offsets.MetadataCommittedOffsets;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.process.NodeSwitch;
import io.ackgate.gateway.producer.MetadataProducerIds;
import io.ackgate.gateway.producer.ProducerIds;
import io.ackgate.gateway.runtime.Gateway;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.PartitionEventListener;
import io.ackgate.gateway.runtime.RuntimeSettings;
import io.ackgate.gateway.runtime.SoleGateway;
import io.ackgate.gateway.topic.MetadataTopics;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.engine.IdentityCookie;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The whole of a standalone process but its edge. Made, started, stopped once each. */
final class Standalone implements ClusterView {
    /** As many as the default replication factor. */
    private static final int NODES = 3;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final String clusterId;
    private final Supplier<String> address;
    private final MetadataStore metadata;
    private final LocalNodes nodes;
    private final List<NodeId> nodeIds;
    private final WatchedTransport transport;
    private final Gateway gateway;
    private final MetadataTopics topics;
    private final MetadataProducerIds producerIds;
    private final MetadataCommittedOffsets committedOffsets;

    /**
     * Opens what is in a data directory, or makes it.
     *
     * @param address host:port for clients, asked for when it is known
     * @throws IOException if the directory is in use, is another cluster's or cannot be read
     */
    static Standalone open(
            Path directory,
            Supplier<String> address,
            RuntimeSettings settings,
            StorageMetrics metrics)
            throws IOException {
        Path metadataPath = directory.resolve("metadata");
        DirectoryLock lock = DirectoryLock.lock(metadataPath);
        MetadataStore metadata = EmbeddedMetadataStore.open(new FileDisk(metadataPath), lock);
        try {
            return new Standalone(directory, address, settings, metrics, metadata);
        } catch (IOException | RuntimeException e) {
            metadata.close();
            throw e;
        }
    }

    private Standalone(
            Path directory,
            Supplier<String> address,
            RuntimeSettings settings,
            StorageMetrics metrics,
            MetadataStore metadata)
            throws IOException {
        this.address = address;
        this.metadata = metadata;
        ClusterNodes registry = new ClusterNodes(metadata, System::currentTimeMillis);
        this.clusterId = registry.clusterId().toCompletableFuture().join();
        List<LocalNode> locals = new ArrayList<>();
        for (int number = 1; number <= NODES; number++) {
            NodeId id = new NodeId(number);
            FileDisk disk = new FileDisk(directory.resolve("node-" + number));
            claim(registry, disk, id);
            locals.add(new LocalNode(id, disk, MachineBoot.present(), metrics.ofNode()));
        }
        this.nodeIds = locals.stream().map(LocalNode::id).toList();
        SoleGateway lease = SoleGateway.at(address.get());
        this.nodes = new LocalNodes(lease.session().value(), locals);
        this.transport =
                new WatchedTransport(nodes, new AppendSamples(System::nanoTime, metrics::appended));
        TopicCatalog catalog = new TopicCatalog();
        this.gateway = new Gateway(settings, metadata, transport, lease, catalog);
        this.topics = new MetadataTopics(metadata, catalog, registry, System::currentTimeMillis);
        this.producerIds = new MetadataProducerIds(metadata);
        this.committedOffsets = new MetadataCommittedOffsets(metadata, System::currentTimeMillis);
    }

    /** Makes the disk this node's, or finds that it is; and the node the cluster's. */
    private void claim(ClusterNodes registry, FileDisk disk, NodeId id) throws IOException {
        IdentityCookie cookie = IdentityCookie.claim(disk, clusterId, id, UUID.randomUUID());
        NodeRegistration registered =
                registry.register(id, cookie.directory().toString()).toCompletableFuture().join();
        if (!registered.cookie().equals(cookie.directory().toString())) {
            throw new IOException(
                    "%s is registered with data directory %s, and this one is %s: bring that one back"
                            .formatted(id, registered.cookie(), cookie.directory()));
        }
    }

    /** Starts everything; when it returns, partitions are being taken over. */
    void start(List<PartitionEventListener> listeners) throws IOException {
        nodes.startAll();
        listeners.forEach(gateway::addEventListener);
        gateway.start().toCompletableFuture().join();
        topics.complete().toCompletableFuture().join();
    }

    /** Stops everything in good order. */
    void stop() {
        gateway.stop(DRAIN);
        nodes.stopAll();
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

    GatewayRuntime runtime() {
        return gateway;
    }

    NodeSwitch nodeSwitch() {
        return nodes;
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
        return nodeIds.stream()
                .map(id -> new KnownNode(id, "", transport.isConnected(id)))
                .toList();
    }

    @Override
    public List<LiveGateway> gateways() {
        return List.of(new LiveGateway(gateway.session().toString(), address.get(), true));
    }
}
