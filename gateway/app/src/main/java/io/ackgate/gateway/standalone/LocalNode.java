package io.ackgate.gateway.standalone;

import io.ackgate.gateway.transport.StorageTransport;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.StorageEngine;
import io.ackgate.storage.runtime.EngineLoop;
import io.ackgate.storage.runtime.LoopObserver;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A storage node in this process: its engine while it runs, and the one stream to it. Stopping it
 * is to the gateway what the end of a connection is.
 *
 * <p>The lock keeps a stream's beginning, its answers and its end apart, so that nothing is heard
 * on a stream outside its life.
 */
final class LocalNode {
    private static final Logger LOG = Logger.getLogger(LocalNode.class);

    /** Of frames that wait for the engine; a partition thread that sends more waits. */
    private static final long MAX_QUEUED_BYTES = 256L << 20;

    /** A gateway and its session. */
    private record Gateway(long session, StorageTransport.Listener listener) {}

    /** An open stream and the engine that serves it. */
    private record Stream(EngineLoop loop, StreamSession session) {}

    private final NodeId id;
    private final Disk disk;
    private final Boot boot;
    private final LoopObserver observer;
    private final Object lock = new Object();
    private @Nullable EngineLoop loop;
    private @Nullable Gateway gateway;
    private long lastStream;

    /** Changed under the lock; null while the node is stopped or has no gateway. */
    private volatile @Nullable Stream stream;

    LocalNode(NodeId id, Disk disk, Boot boot, LoopObserver observer) {
        this.id = id;
        this.disk = disk;
        this.boot = boot;
        this.observer = observer;
    }

    NodeId id() {
        return id;
    }

    /** Recovers the node's logs and starts it; nothing happens if it runs. */
    synchronized void start() throws IOException {
        if (loop != null) {
            return;
        }
        StorageEngine engine =
                StorageEngine.open(disk, EngineSettings.DEFAULTS, boot, System.currentTimeMillis());
        engine.notes().forEach(note -> LOG.infof("%s: %s", id, note));
        EngineLoop started =
                new EngineLoop(
                                "ackgate-" + id,
                                engine,
                                System::currentTimeMillis,
                                MAX_QUEUED_BYTES,
                                this::answered,
                                observer)
                        .start();
        loop = started;
        synchronized (lock) {
            openStream(started);
        }
    }

    /** Lets a gateway in; its stream is open whenever the node runs. */
    synchronized void connect(long session, StorageTransport.Listener listener) {
        synchronized (lock) {
            gateway = new Gateway(session, listener);
            if (loop != null) {
                openStream(loop);
            }
        }
    }

    private void openStream(EngineLoop running) {
        if (gateway != null) {
            lastStream++;
            stream = new Stream(running, new StreamSession(gateway.session, lastStream));
            gateway.listener.opened(id, lastStream);
        }
    }

    void send(long onStream, StorageRequest request) {
        Stream open = stream;
        if (open != null && open.session.stream() == onStream) {
            open.loop.submit(open.session, request);
        }
    }

    private void answered(StreamSession session, List<StorageAnswer> answers) {
        synchronized (lock) {
            Stream open = stream;
            if (open != null && open.session.equals(session) && gateway != null) {
                gateway.listener.answered(id, session.stream(), answers);
            }
        }
    }

    /** Puts the gateway out. */
    synchronized void disconnect(String why) {
        synchronized (lock) {
            closeStream(why);
            gateway = null;
        }
    }

    private void closeStream(String why) {
        Stream open = stream;
        if (open != null && gateway != null) {
            stream = null;
            open.loop.sessionClosed(open.session);
            gateway.listener.closed(id, open.session.stream(), why);
        }
    }

    /** Ends the stream and stops the node in good order; nothing happens if it is stopped. */
    synchronized void stop() {
        if (loop == null) {
            return;
        }
        synchronized (lock) {
            closeStream("the node was stopped");
        }
        EngineLoop stopping = loop;
        loop = null;
        stopping.close();
    }
}
