package io.ackgate.storage.node;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.node.settings.NodeSettings;
import io.ackgate.storage.runtime.LoopObserver;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A node of a cluster, "test" unless said, on loopback, without Quarkus around it; keeps its port.
 */
public final class LoopbackNode {
    private final NodeId id;
    private final Path directory;
    private final String cluster;
    private final int port;
    private StorageNode node;

    public LoopbackNode(NodeId id, Path directory) throws IOException {
        this(id, directory, "test");
    }

    /** With what its setting says of its cluster. */
    public LoopbackNode(NodeId id, Path directory, String cluster) throws IOException {
        this.id = id;
        this.cluster = cluster;
        this.directory = directory;
        this.node = open(0);
        this.port = node.port();
    }

    private StorageNode open(int atPort) throws IOException {
        return StorageNode.start(
                new NodeSettings(
                        id, cluster, directory, atPort, 1, true, 64 << 20, EngineSettings.DEFAULTS),
                "127.0.0.1",
                LoopObserver.NONE);
    }

    public int port() {
        return port;
    }

    public void start() throws IOException {
        node = open(port);
    }

    public void stop() {
        node.close();
    }

    /** Connections break and the engine ends as with a killed process. */
    public void kill() {
        node.kill();
    }
}
