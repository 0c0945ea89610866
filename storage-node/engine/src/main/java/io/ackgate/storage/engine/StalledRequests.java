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
    private final ArrayDeque<EngineInput.Request> requests = new ArrayDeque<>();
    private final Map<PartitionId, Integer> byPartition = new HashMap<>();

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Whether a request to the partition waits. */
    boolean has(PartitionId partition) {
        return byPartition.containsKey(partition);
    }

    void add(EngineInput.Request request) {
        requests.add(request);
        count(request, 1);
    }

    /** Adds what came before all others. */
    void addFirst(EngineInput.Request request) {
        requests.addFirst(request);
        count(request, 1);
    }

    EngineInput.@Nullable Request peek() {
        return requests.peek();
    }

    EngineInput.Request remove() {
        EngineInput.Request request = requests.remove();
        count(request, -1);
        return request;
    }

    /** Drops what a session that has ended had waiting. */
    void sessionClosed(StreamSession ended) {
        for (EngineInput.Request request : requests) {
            if (request.session().equals(ended)) {
                count(request, -1);
            }
        }
        EngineInput.Request.dropAll(requests, ended);
    }

    private void count(EngineInput.Request request, int change) {
        byPartition.merge(
                request.request().partition(),
                change,
                (before, more) -> before + more == 0 ? null : before + more);
    }
}
