package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.role.Context;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the disk of one replica has been asked for and has not given, since the replica reconciled.
 *
 * <p>Each failure is known by what was sought, and only the same read takes it back: beside a bad
 * sector the rest of the disk can be read, and the tail of the log comes from memory. All failures
 * together count as one more, which any read takes back, for a dead disk that is never asked for
 * the same twice.
 */
public final class FailedReads {
    /** How many failures are told apart; further ones count together only. */
    public static final int MAX = 16;

    /**
     * A disk counts as mended after so many times the time that failures may lie apart. Nobody asks
     * it meanwhile, so that nothing but time tells; where all disks are bad the lead goes round so
     * often.
     */
    private static final int MENDED_AFTER = 10;

    /**
     * A read, as it is repeated.
     *
     * @param from an offset, or a timestamp where {@code maxBytes} is 0
     */
    public record Sought(long from, int maxBytes) {}

    /** Times by {@link Context#watched}. */
    private record Failure(long since, long last) {
        boolean persisted(long graceNanos) {
            return last - since >= graceNanos;
        }

        boolean isOlderThan(long nanos, long watched) {
            return watched - last > nanos;
        }
    }

    private final Map<Sought, Failure> each = new HashMap<>();
    private @Nullable Failure all;

    /**
     * The disk did not give it.
     *
     * @param apartNanos how far apart two failures are that say nothing together
     */
    public void failed(Sought sought, long watched, long apartNanos) {
        all = again(all, watched, apartNanos);
        if (each.size() >= MAX && !each.containsKey(sought)) {
            each.values().removeIf(one -> one.isOlderThan(apartNanos, watched));
        }
        if (each.size() < MAX || each.containsKey(sought)) {
            each.put(sought, again(each.get(sought), watched, apartNanos));
        }
    }

    private static Failure again(@Nullable Failure before, long watched, long apartNanos) {
        if (before == null || before.isOlderThan(apartNanos, watched)) {
            return new Failure(watched, watched);
        }
        return new Failure(before.since(), watched);
    }

    /** The disk gave it. */
    void succeeded(Sought sought) {
        each.remove(sought);
        all = null;
    }

    public void clear() {
        each.clear();
        all = null;
    }

    /** Whether something was asked for again and again for so long, and not given. */
    boolean persist(long watched, long graceNanos, long apartNanos) {
        return persists(all, watched, graceNanos, apartNanos)
                || each.values().stream()
                        .anyMatch(one -> persists(one, watched, graceNanos, apartNanos));
    }

    private static boolean persists(
            @Nullable Failure one, long watched, long graceNanos, long apartNanos) {
        return one != null
                && one.persisted(graceNanos)
                && !one.isOlderThan(MENDED_AFTER * apartNanos, watched);
    }
}
