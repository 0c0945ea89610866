package io.ackgate.storage.local;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.runtime.LoopObserver;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams to storage nodes that run in this process. Starting the transport starts the nodes,
 * closing it stops them in good order; meanwhile each may be stopped, killed and started.
 *
 * <p>Sending is a hand-over to the node's engine and frames are shared with it, so that {@link
 * #flush} has nothing to do.
 */
public final class InProcessTransport implements StorageTransport, StorageNodes {
    private static final long RETRY_MILLIS = 1_000;

    private final Map<NodeId, LocalNode> nodes = new TreeMap<>();
    private final ScheduledExecutorService starter;
    private @Nullable Listener listener;

    /**
     * A transport that is not started.
     *
     * @param gatewaySession session id of this gateway process
     * @param observers who measures each node's engine
     */
    public InProcessTransport(
            LocalNodes settings, long gatewaySession, Function<NodeId, LoopObserver> observers) {
        AtomicLong streams = new AtomicLong();
        for (NodeId node : settings.directories().keySet()) {
            nodes.put(
                    node,
                    new LocalNode(
                            node,
                            settings,
                            observers.apply(node),
                            gatewaySession,
                            streams::incrementAndGet));
        }
        starter =
                Executors.newScheduledThreadPool(
                        nodes.size(),
                        Thread.ofPlatform().daemon().name("ackgate-node-starter-", 0).factory());
    }

    /** Starts all nodes, side by side; one that cannot start is tried again every second. */
    @Override
    public void start(Listener listener) {
        synchronized (this) {
            this.listener = listener;
        }
        for (LocalNode node : nodes.values()) {
            node.want();
            var _ =
                    starter.scheduleWithFixedDelay(
                            () -> keepRunning(node, listener),
                            0,
                            RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private static void keepRunning(LocalNode node, Listener listener) {
        try {
            node.removeEnded(listener);
            node.tryToRun(listener);
        } catch (IOException | RuntimeException e) {
            // Kept in the node's state, logged when it changes, and tried again.
        }
    }

    @Override
    public void send(NodeId node, long stream, StorageRequest request) {
        LocalNode local = nodes.get(node);
        if (local != null) {
            local.send(stream, request);
        }
    }

    @Override
    public boolean hasRoom(NodeId node) {
        LocalNode local = nodes.get(node);
        return local == null || local.hasRoom();
    }

    @Override
    public void flush() {}

    /**
     * Starts a node that was stopped, and returns when it runs. Nothing happens if it does.
     *
     * @throws IOException if it cannot start; it is tried again by itself until it is stopped
     */
    public void startNode(NodeId node) throws IOException {
        LocalNode local = local(node);
        local.want();
        local.tryToRun(started());
    }

    /** Stops a node in good order, and returns when it has stopped. */
    public void stopNode(NodeId node) {
        local(node).stop(started(), true);
    }

    /** Stops a node as {@code kill -9} would a process: nothing is synced, no marker is left. */
    public void killNode(NodeId node) {
        local(node).stop(started(), false);
    }

    /** How a node is. */
    public LocalNodeState state(NodeId node) {
        return local(node).state();
    }

    @Override
    public Set<NodeId> ids() {
        return Set.copyOf(nodes.keySet());
    }

    @Override
    public CompletionStage<NodeReport> report(NodeId node) {
        return local(node).report();
    }

    private LocalNode local(NodeId node) {
        LocalNode local = nodes.get(node);
        if (local == null) {
            throw new IllegalArgumentException(node + " is not one of " + nodes.keySet());
        }
        return local;
    }

    private synchronized Listener started() {
        if (listener == null) {
            throw new IllegalStateException("the transport is not started, or closed");
        }
        return listener;
    }

    /** Stops all nodes in good order; not to be called from a listener. */
    @Override
    public void close() {
        Listener last;
        synchronized (this) {
            last = listener;
            listener = null;
        }
        starter.shutdown();
        if (last != null) {
            nodes.values().parallelStream().forEach(node -> node.stop(last, true));
        }
    }
}
