package io.ackgate.storage.node.stream;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what the streams hand over; an engine that never gets to its work. */
final class RecordingReplicas implements Replicas {
    record Submitted(StreamSession session, StorageRequest request) {}

    final BlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
    final BlockingQueue<StreamSession> closed = new LinkedBlockingQueue<>();

    @Override
    public void submit(StreamSession session, StorageRequest request) {
        submitted.add(new Submitted(session, request));
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
