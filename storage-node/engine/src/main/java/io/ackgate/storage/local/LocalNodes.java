package io.ackgate.storage.local;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * The nodes to be run in this process.
 *
 * @param clusterId of their cluster; a data directory of another cluster is refused
 * @param directories the data directory of each
 * @param engine settings of their engines
 */
public record LocalNodes(String clusterId, Map<NodeId, Path> directories, EngineSettings engine) {
    public LocalNodes {
        directories = Map.copyOf(directories);
    }

    Path directory(NodeId node) {
        Path directory = directories.get(node);
        if (directory == null) {
            throw new IllegalArgumentException(node + " is not one of " + directories.keySet());
        }
        return directory;
    }
}
