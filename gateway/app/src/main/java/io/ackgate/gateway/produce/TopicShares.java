package io.ackgate.gateway.produce;

import io.ackgate.storage.api.TopicId;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory that topics share. A topic may take as much as it leaves free, beside a single request
 * that is larger: one that is flooded gets half of all, two get a third each, and there is as much
 * left for the next one. Not safe for threads: its user locks it.
 */
final class TopicShares {
    private final long maxBytes;

    /** What each topic has; 1 or more. */
    private final Map<TopicId, Long> topicBytes = new HashMap<>();

    private long bytes;

    /**
     * All is free.
     *
     * @param maxBytes for all topics
     */
    TopicShares(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Bytes that are taken. */
    long bytes() {
        return bytes;
    }

    /** Bytes that one topic has taken. */
    long bytes(TopicId topic) {
        return topicBytes.getOrDefault(topic, 0L);
    }

    long maxBytes() {
        return maxBytes;
    }

    /** Whether a topic may take so many bytes more. */
    boolean hasRoom(TopicId topic, long size) {
        long ofTopic = bytes(topic);
        long free = maxBytes - bytes - size;
        return free >= 0 && (ofTopic == 0 || ofTopic + size <= free);
    }

    /** Takes what there is room for; 1 byte or more. */
    void take(TopicId topic, long size) {
        topicBytes.merge(topic, size, Long::sum);
        bytes += size;
    }

    /** Gives back what was taken. */
    void giveBack(TopicId topic, long size) {
        bytes -= size;
        long left = bytes(topic) - size;
        if (left == 0) {
            topicBytes.remove(topic);
        } else {
            topicBytes.put(topic, left);
        }
    }
}
