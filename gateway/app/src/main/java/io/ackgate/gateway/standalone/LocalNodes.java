package io.ackgate.gateway.standalone;

import io.ackgate.gateway.process.NodeSwitch;
import io.ackgate.gateway.transport.StorageTransport;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The storage nodes of this process, and the way to them. */
final class LocalNodes implements StorageTransport, NodeSwitch {
    private final Map<NodeId, LocalNode> nodes = new TreeMap<>();
    private final long gatewaySession;

    LocalNodes(long gatewaySession, List<LocalNode> nodes) {
        this.gatewaySession = gatewaySession;
        nodes.forEach(node -> this.nodes.put(node.id(), node));
    }

    /** Starts all nodes side by side: recovery takes each of them its time. */
    void startAll() throws IOException {
        CompletableFuture<?>[] starts =
                nodes.values().stream()
                        .map(node -> CompletableFuture.runAsync(() -> startUnchecked(node)))
                        .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(starts).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }

    private static void startUnchecked(LocalNode node) {
        try {
            node.start();
        } catch (IOException e) {
            throw new UncheckedIOException(node.id() + " does not start: " + e.getMessage(), e);
        }
    }

    void stopAll() {
        nodes.values().forEach(LocalNode::stop);
    }

    @Override
    public boolean has(NodeId node) {
        return nodes.containsKey(node);
    }

    @Override
    public void stop(NodeId node) {
        known(node).stop();
    }

    @Override
    public void start(NodeId node) {
        startUnchecked(known(node));
    }

    private LocalNode known(NodeId node) {
        return Objects.requireNonNull(nodes.get(node), node + " is not in this process");
    }

    @Override
    public void start(Listener listener) {
        nodes.values().forEach(node -> node.connect(gatewaySession, listener));
    }

    @Override
    public void send(NodeId node, long stream, StorageRequest request) {
        LocalNode local = nodes.get(node);
        if (local != null) {
            local.send(stream, request);
        }
    }

    @Override
    public void flush() {
        // Nothing waits on its way within a process.
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> node.disconnect("the gateway has stopped"));
    }
}
