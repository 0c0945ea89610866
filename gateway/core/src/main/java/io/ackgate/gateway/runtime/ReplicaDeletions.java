package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.WatchedPrefix;
import io.ackgate.gateway.topic.TopicDeletion;
import io.ackgate.gateway.topic.TopicRemoval;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has the replicas of deleted topics deleted. What is left to do stands in the metadata store until
 * every node has answered, so that neither an absent node nor a crash here leaves a log behind.
 *
 * <p>Thread: everything is done on one of its own; the public methods may be called from any.
 */
final class ReplicaDeletions {
    private static final System.Logger LOG = System.getLogger(ReplicaDeletions.class.getName());

    /** Pause before a refused deletion, or a metadata store that did not answer, is tried again. */
    private static final long RETRY_MILLIS = 500;

    private final MetadataStore metadata;
    private final StorageTransport transport;
    private final Function<PartitionId, CompletionStage<Void>> release;
    private final TopicRemoval removal;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<NodeId, Long> streams = new HashMap<>();
    private final Map<TopicId, Deletion> deletions = new HashMap<>();

    /** Those that are tried again soon. */
    private final Set<Replica> retrying = new HashSet<>();

    /** By key, the version last heard of. */
    private final Map<String, Long> latest = new HashMap<>();

    private volatile @Nullable WatchedPrefix watched;

    /** One replica that is to go. */
    private record Replica(PartitionId partition, NodeId node) {}

    /**
     * A deletion under way.
     *
     * @param version of its key, at which it may be taken out
     * @param left the replicas that have not answered, with the epoch they are told
     */
    private record Deletion(long version, TopicDeletion topic, Map<Replica, Integer> left) {}

    ReplicaDeletions(
            MetadataStore metadata,
            StorageTransport transport,
            Function<PartitionId, CompletionStage<Void>> release) {
        this.metadata = metadata;
        this.transport = transport;
        this.release = release;
        this.removal = new TopicRemoval(metadata);
        this.thread =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "ackgate-deletions"));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Goes on with what was left. Completes when that is known. */
    CompletionStage<Void> start() {
        return WatchedPrefix.open(
                        metadata, MetadataKeys.DELETIONS, entry -> execute(() -> seen(entry)))
                .thenAccept(open -> watched = open);
    }

    void opened(NodeId node, long stream) {
        execute(
                () -> {
                    streams.put(node, stream);
                    deletions.values().forEach(deletion -> send(deletion, node));
                });
    }

    void closed(NodeId node, long stream) {
        execute(() -> streams.remove(node, stream));
    }

    /** An answer for a partition that nobody hosts here. */
    void answered(NodeId node, long stream, StorageAnswer answer) {
        switch (answer) {
            case StorageAnswer.Deleted(var partition, int epoch) ->
                    execute(() -> deleted(new Replica(partition, node)));
            case StorageAnswer.Refused(
                            var partition,
                            int epoch,
                            var reason,
                            int heldEpoch,
                            long logEnd,
                            var detail) ->
                    execute(
                            () ->
                                    refused(
                                            new Replica(partition, node),
                                            reason == StorageAnswer.Refusal.STALE_EPOCH
                                                    ? heldEpoch + 1
                                                    : epoch));
            // To the fence, and then the deletion was done all the same; or to the deletion.
            case StorageAnswer.Faulty(
                            var partition,
                            int epoch,
                            var incarnation,
                            var fault,
                            var detail) ->
                    execute(() -> refused(new Replica(partition, node), epoch));
            // Answers to the fence, or late ones of what the partition did before.
            case StorageAnswer.Fenced ignored -> {}
            case StorageAnswer.Missing ignored -> {}
            case StorageAnswer.Damaged ignored -> {}
            case StorageAnswer.Whole ignored -> {}
            case StorageAnswer.Reconciled ignored -> {}
            case StorageAnswer.Appended ignored -> {}
            case StorageAnswer.Configured ignored -> {}
            case StorageAnswer.Records ignored -> {}
            case StorageAnswer.OffsetListed ignored -> {}
            case StorageAnswer.Producers ignored -> {}
        }
    }

    void close() {
        WatchedPrefix open = watched;
        if (open != null) {
            open.close();
        }
        thread.shutdownNow();
    }

    // ---- on the thread

    private void seen(Entry entry) {
        if (entry.version() == MetadataStore.ABSENT) {
            latest.remove(entry.key());
            deletions
                    .values()
                    .removeIf(each -> MetadataKeys.deletion(each.topic.id()).equals(entry.key()));
            return;
        }
        latest.put(entry.key(), entry.version());
        prepare(entry);
    }

    private void prepare(Entry entry) {
        if (!latest(entry)) {
            return;
        }
        TopicDeletion topic = TopicDeletion.decode(entry.value());
        removal.run(topic)
                .thenCompose(removed -> letGoOf(topic))
                .whenComplete(
                        (done, failure) -> {
                            if (failure == null) {
                                execute(() -> begin(entry, topic));
                            } else {
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "the deletion of topic " + topic.name() + " is tried again",
                                        failure);
                                later(() -> prepare(entry));
                            }
                        });
    }

    /** Of two versions the older may be ready last; it knows fewer replicas, or none. */
    private boolean latest(Entry entry) {
        return Objects.equals(latest.get(entry.key()), entry.version());
    }

    private CompletionStage<Void> letGoOf(TopicDeletion topic) {
        CompletableFuture<?>[] gone = new CompletableFuture<?>[topic.partitions().size()];
        for (int index = 0; index < gone.length; index++) {
            gone[index] = release.apply(new PartitionId(topic.id(), index)).toCompletableFuture();
        }
        return CompletableFuture.allOf(gone);
    }

    private void begin(Entry entry, TopicDeletion topic) {
        if (!latest(entry)) {
            return;
        }
        Map<Replica, Integer> left = new HashMap<>();
        for (int index = 0; index < topic.partitions().size(); index++) {
            TopicDeletion.Replicas replicas = topic.partitions().get(index);
            for (NodeId node : replicas.nodes()) {
                left.put(new Replica(new PartitionId(topic.id(), index), node), replicas.epoch());
            }
        }
        Deletion deletion = new Deletion(entry.version(), topic, left);
        deletions.put(topic.id(), deletion);
        streams.keySet().forEach(node -> send(deletion, node));
        endIfDone(deletion);
    }

    private void send(Deletion deletion, NodeId node) {
        for (Map.Entry<Replica, Integer> each : deletion.left.entrySet()) {
            if (each.getKey().node.equals(node)) {
                send(each.getKey(), each.getValue());
            }
        }
        transport.flush();
    }

    private void send(Replica replica, int epoch) {
        Long stream = streams.get(replica.node);
        if (stream != null) {
            transport.send(
                    replica.node, stream, new StorageRequest.Fence(replica.partition, epoch));
            transport.send(
                    replica.node, stream, new StorageRequest.Delete(replica.partition, epoch));
        }
    }

    private void deleted(Replica replica) {
        Deletion deletion = deletions.get(replica.partition.topic());
        if (deletion != null && deletion.left.remove(replica) != null) {
            endIfDone(deletion);
        }
    }

    /**
     * The replica has promised itself to a higher epoch, or cannot do it now. Fence and deletion
     * are both answered so: the two are tried again once, or they would double each time.
     */
    private void refused(Replica replica, int epoch) {
        Deletion deletion = deletions.get(replica.partition.topic());
        if (deletion == null || !deletion.left.containsKey(replica)) {
            return;
        }
        deletion.left.merge(replica, epoch, Math::max);
        if (retrying.add(replica)) {
            later(() -> retry(replica));
        }
    }

    private void retry(Replica replica) {
        retrying.remove(replica);
        Deletion deletion = deletions.get(replica.partition.topic());
        Integer epoch = deletion == null ? null : deletion.left.get(replica);
        if (epoch != null) {
            send(replica, epoch);
            transport.flush();
        }
    }

    private void endIfDone(Deletion deletion) {
        if (!deletion.left.isEmpty()) {
            return;
        }
        // A refusal means that it was changed meanwhile; the watch then tells of it again.
        metadata.delete(MetadataKeys.deletion(deletion.topic.id()), deletion.version)
                .whenComplete(
                        (outcome, failure) -> {
                            if (failure != null) {
                                later(() -> endIfDone(deletion));
                            } else {
                                LOG.log(
                                        System.Logger.Level.INFO,
                                        "topic {0} is gone from every node",
                                        deletion.topic.name());
                            }
                        });
    }

    private void execute(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            // The next start of a gateway goes on with it.
        }
    }

    private void later(Runnable task) {
        try {
            var _ = thread.schedule(() -> guarded(task), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The next start of a gateway goes on with it.
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "the deletion of replicas met a bug", bug);
        }
    }
}
