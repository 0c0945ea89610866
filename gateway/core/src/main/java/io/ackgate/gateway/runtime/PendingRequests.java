package io.ackgate.gateway.runtime;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one shard that wait for their answer, by token. Thread-confined; after it has
 * grown, adding and taking allocate nothing.
 *
 * <p>A token is a slot and the number of times that the slot was used: one that was taken, or never
 * given, finds nothing.
 */
final class PendingRequests {
    private static final int SLOT_BITS = 24;
    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private @Nullable Request[] requests = new Request[64];
    private long[] uses = new long[64];

    /** The free slots, the one used last on top. */
    private int[] free = new int[64];

    private int freeCount;
    private int slots;

    /** The token under which the request waits from now on. */
    long add(Request request) {
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        requests[slot] = request;
        return (++uses[slot] << SLOT_BITS) | slot;
    }

    private int newSlot() {
        if (slots == requests.length) {
            requests = Arrays.copyOf(requests, slots * 2);
            uses = Arrays.copyOf(uses, slots * 2);
            free = Arrays.copyOf(free, slots * 2);
        }
        return slots++;
    }

    /** The request that waits under a token; null if none does. */
    @Nullable Request get(long token) {
        int slot = (int) (token & SLOT_MASK);
        return slot < slots && uses[slot] == token >>> SLOT_BITS ? requests[slot] : null;
    }

    /** As {@link #get}; it waits no more. */
    @Nullable Request take(long token) {
        Request request = get(token);
        if (request != null) {
            int slot = (int) (token & SLOT_MASK);
            requests[slot] = null;
            free[freeCount++] = slot;
        }
        return request;
    }

    int size() {
        return slots - freeCount;
    }

    /** Takes every request of a partition. */
    void takeAllOf(HostedPartition host, Consumer<Request> taker) {
        for (int slot = 0; slot < slots; slot++) {
            Request request = requests[slot];
            if (request != null && request.host == host) {
                requests[slot] = null;
                free[freeCount++] = slot;
                taker.accept(request);
            }
        }
    }
}
