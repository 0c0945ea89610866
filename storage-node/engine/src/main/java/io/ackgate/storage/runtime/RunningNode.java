package io.ackgate.storage.runtime;

import io.ackgate.storage.api.DiskSpace;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.disk.MachineBoot;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.IdentityCookie;
import io.ackgate.storage.engine.StorageEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * A storage node in this process: its data directory, claimed and locked, and its engine, recovered
 * and running. What carries requests to it, from other processes or from this one, is not its
 * business.
 */
public final class RunningNode implements AutoCloseable {
    private final FileDisk disk;
    private volatile NodeIdentity identity;
    private final DirectoryLock lock;
    private final List<String> notes;
    private final EngineLoop loop;

    private RunningNode(
            FileDisk disk,
            NodeIdentity identity,
            DirectoryLock lock,
            List<String> notes,
            EngineLoop loop) {
        this.disk = disk;
        this.identity = identity;
        this.lock = lock;
        this.notes = notes;
        this.loop = loop;
    }

    /**
     * Claims the directory for this node, recovers what is in it, and starts the engine's thread.
     * Blocks for as long as that takes.
     *
     * @param clusterId the cluster that the node must belong to; {@link
     *     io.ackgate.storage.api.ClusterIds#NONE} for that of its directory, or of the first that
     *     it is asked to {@link #join}
     * @throws IOException if the directory belongs to another node or is in use, or the disk fails
     *     or is too full to recover; the text says which
     */
    public static RunningNode open(
            FileDisk disk,
            String clusterId,
            NodeId node,
            EngineSettings settings,
            AnswerSink listener,
            LoopObserver observer)
            throws IOException {
        // First: two nodes that find the same directory empty must not both claim it.
        DirectoryLock lock = DirectoryLock.lock(disk.root());
        boolean opened = false;
        try {
            NodeIdentity identity = IdentityCookie.claim(disk, clusterId, node, UUID.randomUUID());
            Boot boot = new Boot(MachineBoot.id(UUID.randomUUID().toString()));
            StorageEngine engine =
                    StorageEngine.open(disk, settings, boot, System.currentTimeMillis());
            EngineLoop loop =
                    new EngineLoop(
                            "ackgate-" + node,
                            engine,
                            System::currentTimeMillis,
                            new AnswerLog(
                                    node,
                                    new ObservedAnswers(observer, listener),
                                    System::nanoTime),
                            observer);
            loop.start();
            opened = true;
            return new RunningNode(disk, identity, lock, engine.notes(), loop);
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /** Whose data directory it is. */
    public NodeIdentity identity() {
        return identity;
    }

    /**
     * Makes the node a member of a cluster, if it is one of none. Any thread; the first time it
     * waits for the disk, and when it returns, the directory says so.
     *
     * @return whose data directory it is now: of another cluster, if it belonged to that one
     * @throws IOException if it cannot be written down; asking again is harmless
     */
    public synchronized NodeIdentity join(String clusterId) throws IOException {
        identity = IdentityCookie.join(disk, identity, clusterId);
        return identity;
    }

    /** What recovery found that an operator should know, in sentences. */
    public List<String> notes() {
        return notes;
    }

    /** The engine's thread. */
    public EngineLoop loop() {
        return loop;
    }

    /** Files that the node has open now. */
    public int openFiles() {
        return disk.openFiles();
    }

    /** Files that the node has open at a time, about, by what the process may open. */
    public int maxOpenFiles() {
        return disk.maxOpenFiles();
    }

    /** Space of the file system of the data directory. */
    public DiskSpace space() throws IOException {
        return new DiskSpace(disk.usableBytes(), disk.totalBytes());
    }

    /** What the node is and holds; fails if the engine has ended. */
    public CompletionStage<NodeReport> report() {
        return loop.ask(StorageEngine::describe)
                .thenApply(
                        replicas -> {
                            try {
                                return new NodeReport(identity, space(), replicas);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    /**
     * Stops in good order: all is synced, and the next start need not recover.
     *
     * @throws IllegalStateException if that failed; the next start recovers
     */
    @Override
    public void close() {
        stop(loop::close);
    }

    /** Stops as a killed process would. */
    public void kill() {
        stop(loop::kill);
    }

    private void stop(Runnable how) {
        try (lock) {
            how.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
