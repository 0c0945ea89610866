package io.ackgate.gateway.runtime;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one thread that wait for their answer, by token. Thread-confined; after it has
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

    /** The token under which the request waits from now on, among those of its partition. */
    long add(Request request) {
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        requests[slot] = request;
        request.token = (++uses[slot] << SLOT_BITS) | slot;
        HostedPartition host = request.host;
        if (host != null) {
            request.older = host.newest;
            if (host.newest != null) {
                host.newest.newer = request;
            }
            host.newest = request;
        }
        return request.token;
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
            unlink(request);
        }
        return request;
    }

    private static void unlink(Request request) {
        Request newer = request.newer;
        Request older = request.older;
        if (older != null) {
            older.newer = newer;
        }
        if (newer != null) {
            newer.older = older;
        } else if (request.host != null) {
            request.host.newest = older;
        }
        request.newer = null;
        request.older = null;
    }

    int size() {
        return slots - freeCount;
    }

    /** Takes every request of a partition; costs as much as there are. */
    void takeAllOf(HostedPartition host, Consumer<Request> taker) {
        for (Request one = host.newest; one != null; one = host.newest) {
            take(one.token);
            taker.accept(one);
        }
    }
}
