package io.ackgate.replication.server;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what the streams hand over, and settles it at once or when it is told to. */
final class RecordingReplicas implements Replicas {
    record Submitted(StreamSession session, StorageRequest request) {}

    final BlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
    final BlockingQueue<StreamSession> closed = new LinkedBlockingQueue<>();

    /** Guarded by this. */
    private final List<Runnable> unsettled = new ArrayList<>();

    /** Guarded by this. */
    private boolean holdingBack;

    @Override
    public void submit(StreamSession session, StorageRequest request, Runnable settled) {
        submitted.add(new Submitted(session, request));
        synchronized (this) {
            if (holdingBack) {
                unsettled.add(settled);
                return;
            }
        }
        settled.run();
    }

    /** From now on nothing is settled. */
    synchronized void holdBack() {
        holdingBack = true;
    }

    /** Everything is settled, now and from now on. */
    void settleAll() {
        List<Runnable> all;
        synchronized (this) {
            holdingBack = false;
            all = List.copyOf(unsettled);
            unsettled.clear();
        }
        all.forEach(Runnable::run);
    }

    @Override
    public void sessionClosed(StreamSession session) {
        closed.add(session);
    }

    List<StorageRequest> requests() {
        List<StorageRequest> requests = new ArrayList<>();
        submitted.forEach(s -> requests.add(s.request()));
        return requests;
    }
}
