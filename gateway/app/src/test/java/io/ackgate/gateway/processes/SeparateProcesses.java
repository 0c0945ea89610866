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
    private final List<String> nodeSettings;
    private final Map<Integer, AckgateProcess> nodes = new TreeMap<>();
    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final List<AckgateProcess> ended = new ArrayList<>();
    private Map<String, String> environment = Map.of();
    private List<String> gatewaySettings = List.of();
    private String nodeHeap = AckgateProcess.HEAP;
    private @Nullable AckgateProcess process;
    private @Nullable GatewayAccess access;

    /**
     * Nothing is started yet.
     *
     * @param nodeSettings further settings of every storage node, as {@code name=value}
     */
    SeparateProcesses(Path data, String... nodeSettings) {
        this.data = data;
        this.nodeSettings = List.of(nodeSettings);
    }

    /** Variables that every node has that is started from now on. */
    void environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
    }

    /** Further settings of every gateway that is started from now on, as {@code name=value}. */
    void gatewaySettings(String... settings) {
        gatewaySettings = List.of(settings);
    }

    /** The heap of every node that is started from now on, as {@code 512m}. */
    void nodeHeap(String heap) {
        nodeHeap = heap;
    }

    /** Starts what does not run; returns when all of it listens. */
    void start() {
        startNodes(NODES);
        if (process == null || !process.runs()) {
            startGateway();
        }
    }

    void startNode(int node) {
        startNodes(List.of(node));
    }

    /** Starts those of the nodes that do not run, at once; returns when they listen. */
    void startNodes(Collection<Integer> which) {
        which.forEach(this::launchNode);
        which.forEach(node -> node(node).port());
    }

    /** Starts a node unless it runs, and does not wait. */
    AckgateProcess launchNode(int node) {
        AckgateProcess last = nodes.get(node);
        if (last != null && last.runs()) {
            return last;
        }
        if (last != null) {
            ended.add(last);
        }
        AckgateProcess started =
                AckgateProcess.storageNode(
                        node,
                        dataOf(node),
                        ports.computeIfAbsent(node, any -> FreePorts.next()),
                        nodeHeap,
                        nodeSettings,
                        environment);
        nodes.put(node, started);
        return started;
    }

    /** The data directory of a node. */
    Path dataOf(int node) {
        return data.resolve("node-" + node);
    }

    void killNode(int node) {
        killNodes(List.of(node));
    }

    /** SIGKILL to all of them before any of them is waited for. */
    void killNodes(Collection<Integer> which) {
        which.forEach(node -> node(node).strike());
        which.forEach(node -> node(node).kill9());
    }

    /** The last process of a node. */
    AckgateProcess node(int node) {
        AckgateProcess running = nodes.get(node);
        if (running == null) {
            throw new IllegalStateException("node " + node + " was never started");
        }
        return running;
    }

    /** Starts a gateway on the data and the port of the one before. */
    GatewayAccess startGateway() {
        int port = process == null ? FreePorts.next() : process.port();
        AckgateProcess started = launchGateway(data.resolve("gateway"), port);
        process = started;
        access = new GatewayAccess(started.port());
        return access;
    }

    /** Starts a gateway of these nodes, and does not wait. Closed by whoever asks for it. */
    AckgateProcess launchGateway(Path dataDir, int port) {
        List<String> settings = new ArrayList<>(gatewaySettings);
        settings.add(
                ports.values().stream()
                        .map(node -> "127.0.0.1:" + node)
                        .collect(Collectors.joining(",", "ackgate.storage.nodes=", "")));
        return AckgateProcess.gateway(dataDir, port, settings.toArray(String[]::new));
    }

    /** SIGKILL to the nodes and the gateway, before any of them is waited for. */
    void killAll() {
        AckgateProcess running = process;
        if (running != null) {
            running.strike();
        }
        killNodes(NODES);
        killGateway();
    }

    void killGateway() {
        AckgateProcess running = process;
        if (running == null) {
            throw new IllegalStateException("no gateway was started");
        }
        running.kill9();
        ended.add(running);
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
        List<AckgateProcess> all = new ArrayList<>(ended);
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
