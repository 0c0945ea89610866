package io.ackgate.storage.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.node.settings.NodeConfig;
import io.ackgate.storage.node.settings.NodeSettings;
import io.ackgate.storage.runtime.LoopObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process ends at one time or another. */
@Timeout(60)
class NodeLifecycleTest {
    @TempDir private Path directory;
    private NodeLifecycle lifecycle;
    private StorageNode node;

    @BeforeEach
    void recovered() throws Exception {
        NodeConfig config =
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withMapping(NodeConfig.class)
                        .withDefaultValue("ackgate.node.id", "1")
                        .build()
                        .getConfigMapping(NodeConfig.class);
        lifecycle =
                new NodeLifecycle(config, "127.0.0.1", new NodeMetrics(new SimpleMeterRegistry()));
        node =
                StorageNode.start(
                        new NodeSettings(
                                new NodeId(1),
                                "test",
                                directory,
                                0,
                                1,
                                true,
                                64 << 20,
                                EngineSettings.DEFAULTS),
                        "127.0.0.1",
                        LoopObserver.NONE);
    }

    @Test
    void a_node_that_is_told_to_stop_while_it_recovers_never_runs() throws Exception {
        Thread stop =
                Thread.ofPlatform().start(() -> lifecycle.stop(new ShutdownDelayInitiatedEvent()));
        while (stop.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        lifecycle.started(node);
        assertNull(lifecycle.running(), "it was told to stop");
        stop.join();
        ended();
    }

    /** Quarkus then sends no event of the delay. */
    @Test
    void a_start_that_fails_behind_it_stops_it() throws Exception {
        lifecycle.started(node);
        assertSame(node, lifecycle.running());
        lifecycle.stop(new ShutdownEvent());
        assertNull(lifecycle.running());
        ended();
    }

    @Test
    void it_stops_once() throws Exception {
        lifecycle.started(node);
        lifecycle.stop(new ShutdownDelayInitiatedEvent());
        lifecycle.stop(new ShutdownEvent());
        ended();
        assertEquals(0, node.streams());
        assertFalse(lifecycle.gaveUp());
    }

    private void ended() throws Exception {
        node.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
