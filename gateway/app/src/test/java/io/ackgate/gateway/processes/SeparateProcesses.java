package io.ackgate.gateway.processes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Three storage nodes and a gateway, each a process of its own on ports that it keeps. */
final class SeparateProcesses implements AutoCloseable {
    static final List<Integer> NODES = List.of(1, 2, 3);

    private final Path data;
    private final Map<Integer, AckgateProcess> nodes = new TreeMap<>();
    private final List<AckgateProcess> killed = new ArrayList<>();
    private @Nullable AckgateProcess process;
    private @Nullable GatewayAccess access;

    SeparateProcesses(Path data) {
        this.data = data;
    }

    /** Starts what does not run; returns when all of it listens. */
    void start() {
        for (int node : NODES) {
            AckgateProcess last = nodes.get(node);
            if (last == null || !last.runs()) {
                launchNode(node, last == null ? 0 : last.port());
            }
        }
        nodes.values().forEach(AckgateProcess::port);
        if (process == null || !process.runs()) {
            startGateway();
        }
    }

    void startNode(int node) {
        launchNode(node, node(node).port());
        node(node).port();
    }

    private void launchNode(int node, int port) {
        nodes.put(node, AckgateProcess.storageNode(node, data.resolve("node-" + node), port));
    }

    void killNode(int node) {
        node(node).kill9();
        killed.add(node(node));
    }

    private AckgateProcess node(int node) {
        AckgateProcess running = nodes.get(node);
        if (running == null) {
            throw new IllegalStateException("node " + node + " was never started");
        }
        return running;
    }

    /** Starts a gateway on the data and the port of the one before. */
    GatewayAccess startGateway() {
        String addresses =
                nodes.values().stream()
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(","));
        int port = process == null ? 0 : process.port();
        AckgateProcess started =
                AckgateProcess.gateway(
                        data.resolve("gateway"), port, "ackgate.storage.nodes=" + addresses);
        process = started;
        access = new GatewayAccess(started.port());
        return access;
    }

    void killGateway() {
        AckgateProcess running = process;
        if (running == null) {
            throw new IllegalStateException("no gateway was started");
        }
        running.kill9();
        killed.add(running);
        gateway().close();
    }

    GatewayAccess gateway() {
        if (access == null) {
            throw new IllegalStateException("no gateway was started");
        }
        return access;
    }

    /** All that ever ran. */
    Collection<AckgateProcess> all() {
        List<AckgateProcess> all = new ArrayList<>(killed);
        all.addAll(nodes.values());
        if (process != null) {
            all.add(process);
        }
        return all;
    }

    @Override
    public void close() {
        if (access != null) {
            access.close();
        }
        all().forEach(AckgateProcess::close);
    }
}
