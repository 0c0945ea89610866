package io.ackgate.storage.engine;

import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Segments that the disk did not give when their logs were looked at last. What fails once may
 * pass; a segment that cannot be read in two rounds is lost.
 */
final class UnreadSegments {
    /**
     * Why a segment could not be read.
     *
     * @param end of the segment
     */
    record Failure(IOException why, long end) {}

    /** By the names of their files. */
    private record Unread(PartitionLog log, Set<String> segments) {}

    private final Map<Replica, Unread> unread = new LinkedHashMap<>();

    /**
     * A log has been looked at.
     *
     * @param failures segments that could not be read, by the names of their files, ascending
     * @return those of them that could not be read in the round before either
     */
    Map<String, Failure> noted(Replica replica, PartitionLog log, Map<String, Failure> failures) {
        Map<String, Failure> lost = new LinkedHashMap<>(failures);
        Unread before =
                failures.isEmpty()
                        ? unread.remove(replica)
                        : unread.put(replica, new Unread(log, Set.copyOf(failures.keySet())));
        lost.keySet()
                .removeIf(
                        path ->
                                before == null
                                        || before.log() != log
                                        || !before.segments().contains(path));
        return lost;
    }

    /** Forgets logs that are others by now. */
    void forgetUnless(BiPredicate<Replica, PartitionLog> stands) {
        unread.entrySet().removeIf(one -> !stands.test(one.getKey(), one.getValue().log()));
    }
}
