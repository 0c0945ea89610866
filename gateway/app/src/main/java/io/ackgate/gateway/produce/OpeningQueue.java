package io.ackgate.gateway.produce;

import io.ackgate.storage.api.TopicId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

/**
 * What waits to be opened. Topics take turns, one request each, so that who floods one topic does
 * not keep the producers of others waiting; requests for one topic keep their order. Bounded by
 * compressed bytes, for each topic and in all. Not safe for threads: its user locks it.
 */
final class OpeningQueue {
    /** Compressed bytes that may wait to be opened, or are being opened: 64 MiB. */
    static final long MAX_BYTES = 64L << 20;

    /** How much of that one topic may have, beside a single batch that is larger: 32 MiB. */
    static final long MAX_TOPIC_BYTES = MAX_BYTES / 2;

    /** The topics in the order of their turns; each has a request that waits. */
    private final Map<TopicId, Queue<Runnable>> waiting = new LinkedHashMap<>();

    /** What waits or is being opened, by topic; 1 or more each. */
    private final Map<TopicId, Long> topicBytes = new HashMap<>();

    private long bytes;

    /** Bytes that wait, or are being opened. */
    long bytes() {
        return bytes;
    }

    /** Bytes of one topic that wait, or are being opened. */
    long bytes(TopicId topic) {
        return topicBytes.getOrDefault(topic, 0L);
    }

    /** Whether so many bytes for a topic may wait beside what does. */
    boolean hasRoom(TopicId topic, long size) {
        long ofTopic = bytes(topic);
        return bytes + size <= MAX_BYTES && (ofTopic == 0 || ofTopic + size <= MAX_TOPIC_BYTES);
    }

    /** Adds a request for a topic; its bytes count until {@link #opened}. */
    void add(TopicId topic, long size, Runnable work) {
        waiting.computeIfAbsent(topic, added -> new ArrayDeque<>()).add(work);
        topicBytes.merge(topic, size, Long::sum);
        bytes += size;
    }

    /** Takes the request whose turn it is; there must be one. */
    Runnable next() {
        Map.Entry<TopicId, Queue<Runnable>> turn = waiting.entrySet().iterator().next();
        TopicId topic = turn.getKey();
        Queue<Runnable> requests = turn.getValue();
        waiting.remove(topic);
        Runnable next = Objects.requireNonNull(requests.poll());
        if (!requests.isEmpty()) {
            waiting.put(topic, requests);
        }
        return next;
    }

    /** Gives the room of a request back that was taken off. */
    void opened(TopicId topic, long size) {
        bytes -= size;
        long left = bytes(topic) - size;
        if (left == 0) {
            topicBytes.remove(topic);
        } else {
            topicBytes.put(topic, left);
        }
    }
}
