package io.ackgate.gateway.process;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageNodes;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes each storage node a member of the cluster once it says who it is; only members are given
 * replicas. Asks again until all have answered. A node that was a member before is one, whether it
 * answers or not: a gateway that starts while a node is down must not wait for it.
 */
final class NodeRegistrar implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeRegistrar.class);
    private static final long PAUSE_MILLIS = 200;

    private final StorageNodes nodes;
    private final ClusterNodes registry;

    /** Nodes that have not said who they are since the start of this process. */
    private final Set<NodeId> silent = ConcurrentHashMap.newKeySet();

    /** Those of them that were never members. */
    private final Set<NodeId> missing = ConcurrentHashMap.newKeySet();

    private final CompletableFuture<@Nullable Void> all = new CompletableFuture<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("ackgate-node-registrar").factory());

    NodeRegistrar(StorageNodes nodes, ClusterNodes registry) {
        this.nodes = nodes;
        this.registry = registry;
    }

    /** Begins; completes when every node is a member. */
    CompletableFuture<@Nullable Void> start() {
        silent.addAll(nodes.ids());
        missing.addAll(nodes.ids());
        registry.list()
                .toCompletableFuture()
                .join()
                .forEach(registered -> missing.remove(registered.node()));
        if (missing.isEmpty()) {
            all.complete(null);
        }
        var _ =
                timer.scheduleWithFixedDelay(
                        this::askSilent, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return all;
    }

    /** Nodes that are no members yet. */
    Set<NodeId> missing() {
        return Set.copyOf(missing);
    }

    private void askSilent() {
        CompletableFuture<?>[] asked =
                silent.stream()
                        .map(
                                node ->
                                        nodes.report(node)
                                                .thenCompose(report -> register(node, report))
                                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new);
        // One after the other, so that a slow answer is not asked for twice.
        CompletableFuture.allOf(asked)
                .exceptionally(
                        unreachable -> {
                            LOG.debugf("not every node can be asked: %s", unreachable.getMessage());
                            return null;
                        })
                .join();
        if (missing.isEmpty()) {
            all.complete(null);
        }
        if (silent.isEmpty()) {
            timer.shutdown();
        }
    }

    private CompletableFuture<NodeRegistration> register(NodeId node, NodeReport report) {
        String cookie = report.identity().directory().toString();
        return registry.register(node, cookie)
                .toCompletableFuture()
                .whenComplete(
                        (registered, failed) -> {
                            if (failed == null) {
                                silent.remove(node);
                                missing.remove(node);
                                warnOfChange(node, registered.cookie(), cookie);
                            }
                        });
    }

    /** Safe, since replicas are told apart by their incarnations, but somebody should know. */
    private static void warnOfChange(NodeId node, String registered, String cookie) {
        if (!registered.equals(cookie)) {
            LOG.warnf(
                    "%s has data directory %s, it was registered with %s: its replicas are made"
                            + " anew from the others",
                    node, cookie, registered);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
