package io.ackgate.gateway.produce;

import io.ackgate.storage.api.TopicId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be opened. Topics take turns, one request each, so that who floods one topic does
 * not keep the producers of others waiting; requests for one topic keep their order. Bounded by
 * compressed bytes, which topics share. Not safe for threads: its user locks it.
 */
final class OpeningQueue {
    /** Compressed bytes that may wait to be opened, or are being opened: 64 MiB. */
    static final long MAX_BYTES = 64L << 20;

    /** The topics in the order of their turns; each has a request that waits. */
    private final Map<TopicId, SequencedSet<Runnable>> waiting = new LinkedHashMap<>();

    private final TopicShares shares = new TopicShares(MAX_BYTES);

    /** Of what waits or is being opened. */
    TopicShares shares() {
        return shares;
    }

    /** Adds a request for a topic; its bytes count until {@link #opened}. */
    void add(TopicId topic, long size, Runnable work) {
        waiting.computeIfAbsent(topic, added -> new LinkedHashSet<>()).add(work);
        shares.take(topic, size);
    }

    /** Takes the request whose turn it is; null if none is left. */
    @Nullable Runnable next() {
        if (waiting.isEmpty()) {
            return null;
        }
        Map.Entry<TopicId, SequencedSet<Runnable>> turn = waiting.entrySet().iterator().next();
        TopicId topic = turn.getKey();
        SequencedSet<Runnable> requests = turn.getValue();
        waiting.remove(topic);
        Runnable next = requests.removeFirst();
        if (!requests.isEmpty()) {
            waiting.put(topic, requests);
        }
        return next;
    }

    /** Drops a request that has not had its turn, with its bytes; of another nothing happens. */
    void drop(TopicId topic, long size, Runnable work) {
        SequencedSet<Runnable> requests = waiting.get(topic);
        if (requests == null || !requests.remove(work)) {
            return;
        }
        if (requests.isEmpty()) {
            waiting.remove(topic);
        }
        shares.giveBack(topic, size);
    }

    /** Gives the room of a request back that was taken off. */
    void opened(TopicId topic, long size) {
        shares.giveBack(topic, size);
    }
}
