package io.ackgate.gateway.runtime;

import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.WatchedPrefix;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionFactory;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A gateway process without its edge: hosts every partition that the metadata store tells of, takes
 * over those that it is the preferred owner of, and serves them.
 *
 * <p>It closes neither the metadata store nor the catalog, which others share with it.
 */
public final class Gateway implements GatewayRuntime {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final PartitionStatus UNKNOWN =
            PartitionStatus.notOwner(PartitionStatus.Phase.IDLE, null, List.of());

    /** Bounds the deadline of a request that names none in earnest: 30 days. */
    private static final long MAX_WAIT_NANOS = Duration.ofDays(30).toNanos();

    private final MetadataStore metadata;
    private final StorageTransport transport;
    private final Lease lease;
    private final TopicCatalog topics;
    private final Admission admission;
    private final ReadMemory readMemory;
    private final PartitionRouter loop;
    private final PartitionDirectory directory;
    private final ReplicaDeletions deletions;
    private final List<PartitionEventListener> eventListeners = new CopyOnWriteArrayList<>();
    private final long originNanos = System.nanoTime();
    private volatile @Nullable WatchedPrefix partitions;
    private volatile @Nullable String lost;
    private volatile List<Lease.Member> members = List.of();

    /**
     * A gateway that has not started yet.
     *
     * @param topics not started yet; {@link #start} does
     */
    public Gateway(
            RuntimeSettings settings,
            MetadataStore metadata,
            StorageTransport transport,
            Lease lease,
            TopicCatalog topics) {
        this(settings, metadata, transport, lease, topics, Partition::new);
    }

    Gateway(
            RuntimeSettings settings,
            MetadataStore metadata,
            StorageTransport transport,
            Lease lease,
            TopicCatalog topics,
            PartitionFactory factory) {
        this.metadata = metadata;
        this.transport = transport;
        this.lease = lease;
        this.topics = topics;
        this.admission =
                new Admission(
                        settings.maxInFlightBytes(),
                        settings.maxPendingRequests(),
                        transport::hasRoom);
        this.readMemory = new ReadMemory(settings.readMemoryBytes(), System::nanoTime);
        this.deletions = new ReplicaDeletions(metadata, transport, this::forget);
        this.loop =
                new PartitionRouter(
                        new Ports(
                                lease.session(),
                                settings,
                                factory,
                                metadata,
                                transport,
                                this::nowNanos,
                                admission,
                                new ReadTurns(settings.reads()),
                                readMemory,
                                this::happened,
                                deletions::answered));
        this.directory = new PartitionDirectory(settings, topics, loop);
        addEventListener(new EventLog(topics));
    }

    /**
     * Starts everything. Completes when this gateway knows all partitions and are being taken over;
     * requests are accepted at once, and wait for their partition's takeover.
     */
    public CompletionStage<Void> start() {
        loop.start();
        lease.start(new LeaseListener());
        transport.start(new StreamListener());
        topics.addListener(directory);
        return topics.start(metadata)
                .thenCompose(
                        known ->
                                WatchedPrefix.open(
                                        metadata, MetadataKeys.PARTITIONS, directory::seen))
                .thenCompose(
                        watched -> {
                            partitions = watched;
                            return deletions.start();
                        });
    }

    private CompletionStage<Void> forget(PartitionId partition) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.forget(partition, "its topic was deleted", () -> done.complete(null));
        return done;
    }

    /**
     * Stops in good order: takes nothing new, waits for what is under way, has every partition
     * resign. When it returns every request is answered.
     *
     * @param drain how long to wait for the acknowledgements of what is under way
     */
    public void stop(Duration drain) {
        admission.close("this gateway is stopping; ask another one, or try again when it is back");
        long deadline = System.nanoTime() + drain.toNanos();
        while (admission.pendingProduces() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        WatchedPrefix watched = partitions;
        if (watched != null) {
            watched.close();
        }
        deletions.close();
        loop.stop("this gateway has stopped").join();
        transport.close();
        lease.close();
    }

    /** Why this gateway owns nothing and never will again; null as long as its lease holds. */
    public @Nullable String lostLease() {
        return lost;
    }

    /** The live gateways as last heard of, this one among them. */
    public List<Lease.Member> members() {
        return members;
    }

    @Override
    public GatewaySession session() {
        return lease.session();
    }

    // ---- requests

    @Override
    public Cancellable produce(
            PartitionId partition,
            ByteBuffer frame,
            Acks acks,
            long timeoutNanos,
            ProduceListener listener) {
        return send(
                new Request.Produce(
                        partition,
                        frame,
                        acks,
                        deadline(timeoutNanos),
                        System.currentTimeMillis(),
                        listener));
    }

    @Override
    public Cancellable fetch(
            PartitionId partition,
            long offset,
            int maxBytes,
            int minBytes,
            long waitNanos,
            ReadMemory.Reader reader,
            Consumer<FetchOutcome> listener) {
        long deadline = deadline(waitNanos);
        int most = Math.min(maxBytes, readMemory.maxReadBytes());
        return send(
                new Request.Read(
                        partition,
                        deadline,
                        token -> new PartitionInput.Fetch(token, offset, most, minBytes, deadline),
                        reader,
                        maxBatchBytes(partition),
                        listener));
    }

    @Override
    public Cancellable position(
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis,
            long waitNanos,
            Consumer<FetchOutcome> listener) {
        long deadline = deadline(waitNanos);
        return send(
                new Request.Read(
                        partition,
                        deadline,
                        token ->
                                new PartitionInput.ListOffset(
                                        token, position, timestampMillis, deadline),
                        null,
                        0,
                        listener));
    }

    private int maxBatchBytes(PartitionId partition) {
        Topic topic = topics.topic(partition.topic());
        return topic == null ? 0 : topic.settings().maxMessageBytes();
    }

    private Cancellable send(Request request) {
        loop.request(request);
        return request;
    }

    private long deadline(long waitNanos) {
        return nowNanos() + Math.clamp(waitNanos, 0, MAX_WAIT_NANOS);
    }

    private long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    // ---- looking in

    @Override
    public CompletionStage<PartitionStatus> status(PartitionId partition) {
        return loop.status(partition).thenApply(known -> known == null ? UNKNOWN : known);
    }

    @Override
    public CompletionStage<ElectionOutcome> electUnclean(PartitionId partition, Mandate mandate) {
        return loop.electUnclean(partition, mandate);
    }

    @Override
    public CompletionStage<List<ProducerEntry>> producers(PartitionId partition) {
        return loop.producers(partition);
    }

    @Override
    public CompletionStage<Map<PartitionId, PartitionStatus>> statuses() {
        return loop.statuses();
    }

    @Override
    public long inFlightBytes() {
        return admission.bytes();
    }

    @Override
    public int waitingReads() {
        return admission.waitingReads();
    }

    @Override
    public ReadMemory readMemory() {
        return readMemory;
    }

    /** Requests that wait for their answer. */
    int pendingRequests() {
        return admission.pendingRequests();
    }

    @Override
    public void addEventListener(PartitionEventListener listener) {
        eventListeners.add(listener);
    }

    private void happened(PartitionId partition, PartitionEvent event) {
        for (PartitionEventListener listener : eventListeners) {
            try {
                listener.happened(partition, event);
            } catch (RuntimeException bug) {
                LOG.log(System.Logger.Level.ERROR, "an event listener failed", bug);
            }
        }
    }

    private final class LeaseListener implements Lease.Listener {
        @Override
        public void live(List<Lease.Member> now) {
            if (lost == null) {
                members = List.copyOf(now);
                loop.live(
                        now.stream().map(Lease.Member::session).collect(Collectors.toSet()),
                        "the lease of this gateway names it no more");
            }
        }

        @Override
        public void lost(String reason) {
            lost = reason;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the lease is lost, all partitions resign: " + reason);
            loop.live(Set.of(), "the lease of this gateway is lost: " + reason);
        }
    }

    private final class StreamListener implements StorageTransport.Listener {
        @Override
        public void opened(NodeId node, long stream) {
            LOG.log(System.Logger.Level.INFO, "{0}: stream {1} is open", node, stream);
            loop.opened(node, stream);
            deletions.opened(node, stream);
        }

        @Override
        public void closed(NodeId node, long stream, String why) {
            LOG.log(System.Logger.Level.WARNING, node + ": stream " + stream + " closed: " + why);
            deletions.closed(node, stream);
            loop.closed(node, stream, why);
        }

        @Override
        public void answered(NodeId node, long stream, List<StorageAnswer> answers) {
            loop.answered(node, stream, answers);
        }
    }
}
