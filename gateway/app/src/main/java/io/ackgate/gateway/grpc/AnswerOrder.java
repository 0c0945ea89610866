package io.ackgate.gateway.grpc;

import io.ackgate.storage.api.PartitionId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the answers of one stream out in request order per partition, whatever the order in which
 * they come: an answer waits until every earlier request of each of its partitions is answered.
 * Requests of different partitions do not wait for each other. Confined to the stream's event loop.
 */
final class AnswerOrder<A> {
    /** The place of one request. */
    final class Place {
        private final List<PartitionId> partitions;
        private @Nullable A answer;

        /** In how many of its partitions it is the oldest that is not answered. */
        private int turns;

        private Place(List<PartitionId> partitions) {
            this.partitions = partitions;
        }

        private boolean isDue() {
            return answer != null && turns == partitions.size();
        }
    }

    private final Map<PartitionId, ArrayDeque<Place>> queues = new HashMap<>();
    private final Consumer<A> out;
    private int open;

    AnswerOrder(Consumer<A> out) {
        this.out = out;
    }

    /** Requests whose answer is not out yet. */
    int open() {
        return open;
    }

    /**
     * Queues a request up.
     *
     * @param partitions each once; none if its answer need not wait for any other
     */
    Place join(List<PartitionId> partitions) {
        Place place = new Place(partitions);
        open++;
        for (PartitionId partition : partitions) {
            ArrayDeque<Place> queue = queues.computeIfAbsent(partition, p -> new ArrayDeque<>());
            queue.add(place);
            if (queue.size() == 1) {
                place.turns++;
            }
        }
        return place;
    }

    /** The answer to a request is there; called once per place. */
    void answer(Place place, A answer) {
        place.answer = answer;
        ArrayDeque<Place> due = new ArrayDeque<>();
        if (place.isDue()) {
            due.add(place);
        }
        for (Place next = due.poll(); next != null; next = due.poll()) {
            release(next, due);
        }
    }

    private void release(Place place, ArrayDeque<Place> due) {
        open--;
        out.accept(Objects.requireNonNull(place.answer));
        for (PartitionId partition : place.partitions) {
            ArrayDeque<Place> queue = Objects.requireNonNull(queues.get(partition));
            queue.remove();
            Place oldest = queue.peek();
            if (oldest == null) {
                queues.remove(partition);
                continue;
            }
            oldest.turns++;
            if (oldest.isDue()) {
                due.add(oldest);
            }
        }
    }
}
