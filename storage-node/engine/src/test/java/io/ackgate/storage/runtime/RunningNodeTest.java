package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.engine.EngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningNodeTest {
    @TempDir Path directory;

    /** Two first starts that find the same directory empty must not both make it their own. */
    @Test
    void an_empty_directory_is_not_claimed_while_another_start_has_it() throws Exception {
        FileDisk disk = new FileDisk(directory);
        try (DirectoryLock _ = DirectoryLock.lock(directory)) {
            assertThrows(IOException.class, this::open);
            assertEquals(List.of(DirectoryLock.FILE), disk.list(""));
        }
        open().close();
    }

    @Test
    void the_first_cluster_that_a_node_is_asked_to_join_is_its_own_for_good() throws Exception {
        try (RunningNode node = open(ClusterIds.NONE)) {
            assertEquals("first", node.join("first").clusterId());
            assertEquals("first", node.join("second").clusterId());
            assertEquals("first", node.identity().clusterId());
        }
        try (RunningNode again = open(ClusterIds.NONE)) {
            assertEquals("first", again.join("second").clusterId());
        }
    }

    private RunningNode open() throws IOException {
        return open("cluster");
    }

    private RunningNode open(String clusterId) throws IOException {
        return RunningNode.open(
                new FileDisk(directory),
                clusterId,
                new NodeId(1),
                EngineSettings.SMALL,
                (session, answers) -> {},
                new LoopObserver() {});
    }
}
