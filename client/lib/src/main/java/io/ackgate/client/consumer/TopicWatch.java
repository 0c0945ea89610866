package io.ackgate.client.consumer;

import io.ackgate.client.RequestException;
import io.ackgate.client.StartAt;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the topic that is read still has its name, for a reader that goes on with another topic
 * of that name. Looked at only when answers say that it may not, one look at a time and each on a
 * thread of its own: its calls block, and a reader may have a moment only. Confined to the reader's
 * thread, but for the looks.
 */
final class TopicWatch {
    /** No look is due. */
    private static final long NEVER = Long.MAX_VALUE;

    /** How long a topic may be away until its reader gives up, and how long between two looks. */
    private static final long MISSING_NANOS = 30_000_000_000L;

    private static final long LOOK_AGAIN_NANOS = 500_000_000L;

    private final TopicLookup lookup;
    private final Consumer<Arrival> arrivals;
    private String topicId;
    private long dueAtNanos = NEVER;
    private long suspectedAtNanos;

    private boolean looking;

    /** Whether the look that is under way was due because of all that is suspected. */
    private boolean decides;

    /** Why the topic can no longer be read; null while it can. */
    private @Nullable RequestException refused;

    /** What a look has seen. */
    sealed interface Sighting {
        /** The topic that is read has its name. */
        record Same() implements Sighting {}

        /**
         * Another topic has the name.
         *
         * @param starts its first offsets, by partition; none where the look does not decide
         */
        record Another(String id, Map<Integer, Long> starts) implements Sighting {}

        /** Nobody could say, or no topic has the name. */
        record Failed(RuntimeException why) implements Sighting {}
    }

    /**
     * @param arrivals gets what looks have seen, on their threads
     */
    TopicWatch(TopicLookup lookup, String topicId, Consumer<Arrival> arrivals) {
        this.lookup = lookup;
        this.topicId = topicId;
        this.arrivals = arrivals;
    }

    /**
     * An answer does not fit the topic that is read.
     *
     * @param why it cannot be read on; null if that is not said
     */
    void suspect(@Nullable RequestException why) {
        refused = why == null ? refused : why;
        decides = false;
        if (dueAtNanos == NEVER) {
            suspectedAtNanos = System.nanoTime();
            dueAtNanos = suspectedAtNanos;
        }
    }

    /** Whether to look on account of what is suspected. */
    boolean isDue(long nowNanos) {
        return !looking && dueAtNanos != NEVER && dueAtNanos - nowNanos <= 0;
    }

    /** When that will be; {@link Long#MAX_VALUE} if it is not known. */
    long dueAtNanos() {
        return looking ? NEVER : dueAtNanos;
    }

    boolean isLooking() {
        return looking;
    }

    /** Begins to find out which topic has the name; there is no other look. */
    void look() {
        looking = true;
        decides = dueAtNanos != NEVER;
        String reading = topicId;
        boolean withStarts = decides;
        Thread.ofVirtual()
                .name("ackgate-topic-look")
                .start(() -> arrivals.accept(new Arrival.Looked(seen(reading, withStarts))));
    }

    private Sighting seen(String reading, boolean withStarts) {
        try {
            TopicLookup.Found found = lookup.find();
            if (found.id().equals(reading)) {
                return new Sighting.Same();
            }
            return new Sighting.Another(
                    found.id(),
                    withStarts
                            ? lookup.offsets(new StartAt.Earliest(), found.partitions())
                            : Map.of());
        } catch (RuntimeException e) {
            return new Sighting.Failed(e);
        }
    }

    /**
     * A look has ended.
     *
     * @return the topic to read from its beginning; null if that is not decided
     * @throws RequestException if the topic is the same and cannot be read, or is away too long
     */
    Sighting.@Nullable Another lookEnded(Sighting sighting) {
        looking = false;
        return switch (sighting) {
            case Sighting.Another another -> isDecided(another) ? another : null;
            case Sighting.Same _ -> {
                RequestException why = refused;
                if (decides && why != null) {
                    lookAgain(why);
                } else if (decides) {
                    dueAtNanos = NEVER;
                }
                yield null;
            }
            case Sighting.Failed(RequestException why) -> {
                if (dueAtNanos != NEVER) {
                    lookAgain(refused == null ? why : refused);
                }
                yield null;
            }
            case Sighting.Failed(RuntimeException bug) -> throw bug;
        };
    }

    /** One look suspects, and the next one decides: gateways may differ for a while. */
    private boolean isDecided(Sighting.Another another) {
        if (!decides) {
            suspect(null);
            return false;
        }
        topicId = another.id();
        refused = null;
        dueAtNanos = NEVER;
        return true;
    }

    private void lookAgain(RequestException why) {
        long now = System.nanoTime();
        boolean mayComeBack = why.code().equals("UNKNOWN_TOPIC_OR_PARTITION") || why.retriable();
        if (!mayComeBack || now - suspectedAtNanos > MISSING_NANOS) {
            throw why;
        }
        dueAtNanos = now + LOOK_AGAIN_NANOS;
    }
}
