package io.ackgate.client.consumer;

import io.ackgate.client.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the topic that is read still has its name, for a reader that goes on with another topic
 * of that name. Looked at only when answers say that it may not. Confined to the reader's thread.
 */
final class TopicWatch {
    /** No look is due. */
    static final long NEVER = Long.MAX_VALUE;

    /** How long a topic may be away until its reader gives up, and how long between two looks. */
    private static final long MISSING_NANOS = 30_000_000_000L;

    private static final long LOOK_AGAIN_NANOS = 500_000_000L;

    private final TopicLookup lookup;
    private String topicId;
    private long dueAtNanos = NEVER;
    private long suspectedAtNanos;

    /** Why the topic can no longer be read; null while it can. */
    private @Nullable RequestException refused;

    TopicWatch(TopicLookup lookup, String topicId) {
        this.lookup = lookup;
        this.topicId = topicId;
    }

    /**
     * An answer does not fit the topic that is read.
     *
     * @param why it cannot be read on; null if that is not said
     */
    void suspect(@Nullable RequestException why) {
        refused = why == null ? refused : why;
        if (dueAtNanos == NEVER) {
            suspectedAtNanos = System.nanoTime();
            dueAtNanos = suspectedAtNanos;
        }
    }

    /**
     * Whether the topic that is read has its name now; blocks.
     *
     * @throws RequestException if no topic has the name, or no gateway answers in time
     */
    boolean isSame() {
        return lookup.find().id().equals(topicId);
    }

    /** When to {@link #look}. */
    long dueAtNanos() {
        return dueAtNanos;
    }

    /**
     * Finds out which topic has the name now; blocks.
     *
     * @return another topic than before; null if none is to be read from its beginning
     * @throws RequestException if the topic is the same and cannot be read, or is away too long
     */
    TopicLookup.@Nullable Found look() {
        RequestException why = refused;
        try {
            TopicLookup.Found found = lookup.find();
            if (!found.id().equals(topicId)) {
                topicId = found.id();
                refused = null;
                dueAtNanos = NEVER;
                return found;
            }
            if (why == null) {
                dueAtNanos = NEVER;
                return null;
            }
        } catch (RequestException e) {
            why = why == null ? e : why;
        }
        long now = System.nanoTime();
        boolean mayComeBack = why.code().equals("UNKNOWN_TOPIC_OR_PARTITION") || why.retriable();
        if (!mayComeBack || now - suspectedAtNanos > MISSING_NANOS) {
            throw why;
        }
        dueAtNanos = now + LOOK_AGAIN_NANOS;
        return null;
    }
}
