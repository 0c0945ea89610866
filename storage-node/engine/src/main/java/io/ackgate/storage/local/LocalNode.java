package io.ackgate.storage.local;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.runtime.LoopObserver;
import io.ackgate.storage.runtime.RunningNode;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One node in this process, and the one stream to it while it runs.
 *
 * <p>Starting and stopping exclude each other; sending never waits for either.
 */
final class LocalNode {
    private static final System.Logger LOG = System.getLogger(LocalNode.class.getName());

    /** Bytes that may wait for the engine before there is no room. */
    private static final long MAX_QUEUED_BYTES = 64L << 20;

    /** What is handed over together, until the engine says that it has got there, bytes. */
    private static final int COUNTED_BYTES = 256 << 10;

    private final NodeId node;
    private final LocalNodes settings;
    private final LoopObserver observer;
    private final long gatewaySession;
    private final LongSupplier streamNumbers;

    /** What is being sent to; null while there is no open stream. */
    private volatile @Nullable Session open;

    /** Guarded by this. */
    private @Nullable Session running;

    /** Guarded by this; what it should be, whatever it is. */
    private boolean wanted;

    /** Written under this lock. */
    private volatile LocalNodeState state = new LocalNodeState.Stopped();

    /** A running engine and the number of the stream to it. */
    private record Session(RunningNode engine, StreamSession stream, HandedOver handedOver) {}

    LocalNode(
            NodeId node,
            LocalNodes settings,
            LoopObserver observer,
            long gatewaySession,
            LongSupplier streamNumbers) {
        this.node = node;
        this.settings = settings;
        this.observer = observer;
        this.gatewaySession = gatewaySession;
        this.streamNumbers = streamNumbers;
    }

    /** From now on the node is to run; {@link #tryToRun} makes it so. */
    synchronized void want() {
        wanted = true;
    }

    /** Starts the engine if it is to run and does not. */
    synchronized void tryToRun(StorageTransport.Listener listener) throws IOException {
        if (!wanted || running != null) {
            return;
        }
        StreamSession stream = new StreamSession(gatewaySession, streamNumbers.getAsLong());
        try {
            RunningNode engine =
                    RunningNode.open(
                            new FileDisk(settings.directory(node)),
                            settings.clusterId(),
                            node,
                            settings.engine(),
                            (session, answers) -> answered(listener, session, answers),
                            observer);
            Session session = new Session(engine, stream, new HandedOver(engine));
            running = session;
            state = new LocalNodeState.Running(stream.stream());
            engine.notes().forEach(note -> LOG.log(Level.WARNING, "{0}: {1}", node, note));
            LOG.log(
                    Level.INFO,
                    "{0} runs in this process on {1}, stream {2,number,#}",
                    node,
                    settings.directory(node),
                    stream.stream());
            open = session;
            listener.opened(node, stream.stream());
            var _ =
                    engine.loop()
                            .ended()
                            .whenComplete((_, failure) -> endedByItself(session, failure));
        } catch (IOException | RuntimeException e) {
            fail(e.toString());
            throw e;
        }
    }

    private void answered(
            StorageTransport.Listener listener,
            StreamSession session,
            List<StorageAnswer> answers) {
        listener.answered(node, session.stream(), answers);
    }

    /** Only on the engine's thread; the code that stops the engine ends the stream. */
    private void endedByItself(Session session, @Nullable Throwable failure) {
        if (failure != null && session.equals(open)) {
            open = null;
            LOG.log(Level.ERROR, node + " has ended", failure);
        }
    }

    /** Tells the end of a stream whose engine has ended by itself, so that it is started again. */
    synchronized void removeEnded(StorageTransport.Listener listener) {
        Session dead = running;
        if (dead != null && !dead.equals(open)) {
            end(dead, listener, "the engine has ended", dead.engine()::kill);
            fail("the engine has ended");
        }
    }

    /** Stops the node in good order, or as a killed process would. */
    synchronized void stop(StorageTransport.Listener listener, boolean clean) {
        wanted = false;
        Session session = running;
        if (session != null) {
            end(
                    session,
                    listener,
                    clean ? "the node was stopped" : "the node was killed",
                    clean ? session.engine()::close : session.engine()::kill);
        }
        state = new LocalNodeState.Stopped();
    }

    private void end(
            Session session, StorageTransport.Listener listener, String why, Runnable how) {
        open = null;
        running = null;
        try {
            how.run();
        } catch (IllegalStateException e) {
            LOG.log(Level.ERROR, node + " did not stop in good order", e);
        }
        LOG.log(Level.INFO, "{0}: {1}", node, why);
        listener.closed(node, session.stream().stream(), why);
    }

    private void fail(String why) {
        LocalNodeState failed = new LocalNodeState.Failed(why);
        if (!state.equals(failed)) {
            LOG.log(Level.ERROR, "{0} does not run: {1}", node, why);
        }
        state = failed;
    }

    void send(long stream, StorageRequest request) {
        Session session = open;
        if (session != null && session.stream().stream() == stream) {
            session.engine().loop().submit(session.stream(), request);
            session.handedOver().add(request.weight());
        }
    }

    boolean hasRoom() {
        Session session = open;
        return session == null || session.handedOver().bytes.get() < MAX_QUEUED_BYTES;
    }

    /** Counts what the engine has been handed and has not taken, in pieces. Any thread. */
    private static final class HandedOver {
        private final RunningNode engine;
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong uncounted = new AtomicLong();

        HandedOver(RunningNode engine) {
            this.engine = engine;
        }

        void add(int weight) {
            bytes.addAndGet(weight);
            long sum = uncounted.addAndGet(weight);
            if (sum >= COUNTED_BYTES && uncounted.compareAndSet(sum, 0)) {
                // Taken in its turn, after everything that was handed over before.
                var _ = engine.loop().ask(taken -> bytes.addAndGet(-sum));
            }
        }
    }

    LocalNodeState state() {
        return state;
    }

    CompletionStage<NodeReport> report() {
        Session session = open;
        return session == null
                ? CompletableFuture.failedFuture(
                        new IOException(node + " does not run: " + state()))
                : session.engine().report();
    }
}
