package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StreamSession;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a journal file, for the sync under way or for a checkpoint, in the order
 * in which they came.
 */
final class StalledRequests {
    private final ArrayDeque<Received> requests = new ArrayDeque<>();
    private final Map<PartitionId, Integer> byPartition = new HashMap<>();

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Whether a request to the partition waits. */
    boolean has(PartitionId partition) {
        return byPartition.containsKey(partition);
    }

    void add(Received request) {
        requests.add(request);
        count(request, 1);
    }

    /** Adds what came before all others. */
    void addFirst(Received request) {
        requests.addFirst(request);
        count(request, 1);
    }

    @Nullable Received peek() {
        return requests.peek();
    }

    Received remove() {
        Received request = requests.remove();
        count(request, -1);
        return request;
    }

    /** Drops what a session that has ended had waiting. */
    void sessionClosed(StreamSession ended) {
        for (Received request : requests) {
            if (request.session().equals(ended)) {
                count(request, -1);
            }
        }
        Received.dropAll(requests, ended);
    }

    private void count(Received request, int change) {
        byPartition.merge(
                request.request().partition(),
                change,
                (before, more) -> before + more == 0 ? null : before + more);
    }
}
