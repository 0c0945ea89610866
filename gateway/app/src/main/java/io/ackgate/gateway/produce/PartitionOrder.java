package io.ackgate.gateway.produce;

import io.ackgate.storage.api.PartitionId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets what the requests of one stream come to out in request order per partition, whatever the
 * order in which it is there: it waits until that of every earlier request of each of its
 * partitions is out. Requests of different partitions do not wait for each other. Confined to the
 * stream's event loop.
 */
public final class PartitionOrder<T> {
    /** The place of one request. */
    public final class Place {
        private final List<PartitionId> partitions;
        private @Nullable T item;

        /** In how many of its partitions it is the oldest that is not out. */
        private int turns;

        private Place(List<PartitionId> partitions) {
            this.partitions = partitions;
        }

        private boolean isDue() {
            return item != null && turns == partitions.size();
        }
    }

    private final Map<PartitionId, ArrayDeque<Place>> queues = new HashMap<>();
    private final Consumer<T> out;
    private int open;

    /** Nobody is in it. */
    public PartitionOrder(Consumer<T> out) {
        this.out = out;
    }

    /** Requests of which nothing is out yet. */
    public int open() {
        return open;
    }

    /** Whether a request to these partitions would be the oldest in each of them. */
    boolean isFree(List<PartitionId> partitions) {
        for (PartitionId partition : partitions) {
            if (queues.containsKey(partition)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Queues a request up.
     *
     * @param partitions each once; none if it need not wait for any other
     */
    public Place join(List<PartitionId> partitions) {
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

    /** What goes out for a request is there; called once per place. */
    public void ready(Place place, T item) {
        place.item = item;
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
        out.accept(Objects.requireNonNull(place.item));
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
