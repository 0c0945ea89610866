package io.ackgate.storage.node;

import io.ackgate.storage.node.settings.InvalidSettingException;
import io.ackgate.storage.node.settings.MisspeltSettings;
import io.ackgate.storage.node.settings.NodeConfig;
import io.ackgate.storage.node.settings.NodeSettings;
import io.ackgate.storage.runtime.OutOfMemoryExit;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Starts the node with the process and stops it with it.
 *
 * <p>Settings are checked before anything is touched. Recovery may take a while and has a thread of
 * its own, so that the process can say meanwhile that it lives and is not ready. A node that cannot
 * start, or whose engine gives up, ends its process: its operator sees that, and why.
 */
@ApplicationScoped
public class NodeLifecycle {
    private static final System.Logger LOG = System.getLogger(NodeLifecycle.class.getName());

    private final NodeConfig config;
    private final String host;
    private final NodeMetrics metrics;
    private final CompletableFuture<StorageNode> starting = new CompletableFuture<>();

    /** The node while it runs. */
    private volatile @Nullable StorageNode running;

    private volatile boolean stopping;
    private volatile boolean gaveUp;

    @Inject
    NodeLifecycle(
            NodeConfig config,
            @ConfigProperty(name = "ackgate.listen") String host,
            NodeMetrics metrics) {
        this.config = config;
        this.host = host;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        OutOfMemoryExit.install();
        try {
            MisspeltSettings.refuse(ConfigProvider.getConfig());
            NodeSettings settings = NodeSettings.of(config);
            MisspeltSettings.ofGateways()
                    .forEach(
                            name ->
                                    LOG.log(
                                            Level.WARNING,
                                            "{0} is a setting of gateways and has no effect here",
                                            name));
            Thread.ofPlatform().name("ackgate-start").start(() -> start(settings));
        } catch (InvalidSettingException e) {
            starting.completeExceptionally(e);
            giveUp("the storage node cannot start", e);
        }
    }

    private void start(NodeSettings settings) {
        try {
            StorageNode node = StorageNode.start(settings, host, metrics);
            started(node);
            var _ =
                    node.ended()
                            .whenComplete(
                                    (_, failure) -> {
                                        if (failure != null) {
                                            giveUp("the storage engine has given up", failure);
                                        }
                                    });
        } catch (IOException | RuntimeException | Error e) {
            starting.completeExceptionally(e);
            giveUp("the storage node cannot start", e);
        }
    }

    /** The node runs, unless it is told to stop already. */
    void started(StorageNode node) {
        synchronized (this) {
            running = stopping ? null : node;
        }
        metrics.watch(node);
        starting.complete(node);
    }

    private void giveUp(String what, Throwable why) {
        running = null;
        gaveUp = true;
        if (!stopping) {
            // These say all there is to say; anything else is a bug, and where it is matters.
            if (why instanceof IOException || why instanceof InvalidSettingException) {
                LOG.log(Level.ERROR, "{0}: {1}", what, why.getMessage());
            } else {
                LOG.log(Level.ERROR, what, why);
            }
            Quarkus.asyncExit(1);
        }
    }

    /**
     * Stops the node while health and metrics can still be asked for, which say meanwhile that it
     * is not ready. The event is sent because {@code quarkus.shutdown.delay-enabled} is on.
     */
    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stop();
    }

    /** Stops the node where the process ends without that delay, since its start has failed. */
    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    private void stop() {
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
            running = null;
        }
        try {
            starting.join().close();
        } catch (CompletionException neverStarted) {
            LOG.log(Level.DEBUG, "nothing to stop", neverStarted);
        } catch (IllegalStateException e) {
            LOG.log(Level.ERROR, "the storage node did not stop in good order", e);
        }
    }

    /** Whether the node could not start, or has ended by itself: the process is to end, too. */
    boolean gaveUp() {
        return gaveUp;
    }

    /** The node while it runs; null while it starts or stops. */
    @Nullable StorageNode running() {
        return running;
    }
}
