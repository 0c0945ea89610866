package io.ackgate.storage.node;

import io.ackgate.replication.server.DescribeCall;
import io.ackgate.replication.server.Membership;
import io.ackgate.replication.server.ReplicaServer;
import io.ackgate.replication.server.ReplicaStreams;
import io.ackgate.replication.server.Replicas;
import io.ackgate.replication.wire.ReportCodec;
import io.ackgate.storage.api.DiskSpace;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.disk.OpenFileLimit;
import io.ackgate.storage.node.settings.NodeSettings;
import io.ackgate.storage.runtime.EngineLoop;
import io.ackgate.storage.runtime.LoopObserver;
import io.ackgate.storage.runtime.RunningNode;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The node: its engine, and the server through which gateways reach it.
 *
 * <p>The engine runs before the server listens, so that nobody meets a node that has not recovered;
 * and the server stops before the engine does, so that nothing is taken that would not be kept.
 */
final class StorageNode implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StorageNode.class.getName());

    /** Files of a process, of which an operator should know. */
    private static final int FEW_FILES = 4_096;

    private final RunningNode engine;
    private final ReplicaStreams streams;
    private final ReplicaServer server;

    private StorageNode(RunningNode engine, ReplicaStreams streams, ReplicaServer server) {
        this.engine = engine;
        this.streams = streams;
        this.server = server;
    }

    /**
     * Recovers the data directory and listens. Blocks for as long as recovery takes.
     *
     * @param host where to listen
     * @throws IOException if the directory is another node's or in use, the disk fails, or the port
     *     is taken; the text says which
     */
    static StorageNode start(NodeSettings settings, String host, LoopObserver observer)
            throws IOException {
        AtomicReference<@Nullable ReplicaStreams> listener = new AtomicReference<>();
        RunningNode engine =
                RunningNode.open(
                        new FileDisk(settings.dataDir()),
                        settings.clusterId(),
                        settings.id(),
                        settings.engine(),
                        (session, answers) -> {
                            ReplicaStreams there = listener.get();
                            if (there != null) {
                                there.answer(session, answers);
                            }
                        },
                        observer);
        tellOpenFiles(engine);
        engine.notes().forEach(note -> LOG.log(Level.WARNING, "recovery: {0}", note));
        ReplicaStreams streams =
                new ReplicaStreams(
                        new Member(engine), new Loop(engine.loop()), settings.maxPendingBytes());
        listener.set(streams);
        try {
            ReplicaServer server =
                    new ReplicaServer(
                            new InetSocketAddress(host, settings.port()),
                            settings.ioThreads(),
                            settings.reflection(),
                            streams.service(
                                    new DescribeCall(
                                            () -> engine.report().thenApply(ReportCodec::encode))));
            server.serving(true);
            LOG.log(
                    Level.INFO,
                    "{0} listens on {1}:{2,number,#}, data in {3}, cookie {4}",
                    engine.identity(),
                    host,
                    server.port(),
                    settings.dataDir().toAbsolutePath(),
                    engine.identity().directory());
            return new StorageNode(engine, streams, server);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private static void tellOpenFiles(RunningNode engine) {
        int limit = OpenFileLimit.ofProcess();
        LOG.log(
                limit < FEW_FILES ? Level.WARNING : Level.INFO,
                "this process may open {0,number,#} files, and keeps about {1,number,#} segments"
                        + " open: with more partitions than that files are opened and closed in"
                        + " turn. Raise the limit (ulimit -n) if it is less than 4 for each",
                limit,
                engine.maxOpenFiles());
    }

    /** The engine's loop as the streams see it. */
    private record Loop(EngineLoop loop) implements Replicas {
        @Override
        public void submit(StreamSession session, StorageRequest request, Runnable settled) {
            loop.submit(session, request, settled);
        }

        @Override
        public void sessionClosed(StreamSession session) {
            loop.sessionClosed(session);
        }
    }

    /** The node's place in its cluster as the streams see it. */
    private record Member(RunningNode engine) implements Membership {
        @Override
        public NodeIdentity identity() {
            return engine.identity();
        }

        @Override
        public NodeIdentity join(String clusterId) throws IOException {
            NodeIdentity before = engine.identity();
            NodeIdentity now = engine.join(clusterId);
            if (!before.equals(now)) {
                LOG.log(Level.INFO, "{0} belongs to cluster ''{1}'' now", now.node(), clusterId);
            }
            return now;
        }
    }

    /** The engine's state, as soon as its thread gets to it. */
    CompletionStage<NodeSample> sample() {
        EngineLoop loop = engine.loop();
        return loop.ask(
                running -> NodeSample.of(running, System.nanoTime(), loop.clockJumpMillis()));
    }

    /** Completed when the engine has ended, with the reason if it had to give up by itself. */
    CompletionStage<@Nullable Void> ended() {
        return engine.loop().ended();
    }

    int openFiles() {
        return engine.openFiles();
    }

    int maxOpenFiles() {
        return engine.maxOpenFiles();
    }

    DiskSpace space() throws IOException {
        return engine.space();
    }

    long queuedRequests() {
        return engine.loop().queuedRequests();
    }

    int streams() {
        return streams.count();
    }

    int port() {
        return server.port();
    }

    /** Ends as a killed process would, for tests: nothing is synced, no marker is left. */
    void kill() {
        server.kill();
        engine.kill();
    }

    /** Stops in good order: gateways first, then the engine, which leaves its marker. */
    @Override
    public void close() {
        server.serving(false);
        streams.end(Status.UNAVAILABLE.withDescription(engine.identity().node() + " is stopping"));
        server.close();
        engine.close();
        LOG.log(Level.INFO, "{0} has stopped in good order", engine.identity().node());
    }
}
