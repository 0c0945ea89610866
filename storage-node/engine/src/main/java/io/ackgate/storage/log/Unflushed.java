package io.ackgate.storage.log;

import java.util.ArrayList;
import java.util.List;

/** What of a log no flush has written or synced yet, beside the bytes of its segments. */
final class Unflushed {
    private final LogFolder folder;

    /** Of the log, ascending; the last one grows. */
    private final List<Segment> segments;

    private final ProducerState producers;

    /** Segments closed since {@link #flush}: their index files are still to be written. */
    private final List<Segment> closed = new ArrayList<>();

    /** How often segments were created, and how often of these their names are durable. */
    private int namesMade;

    private int namesDurable;

    Unflushed(LogFolder folder, List<Segment> segments, ProducerState producers) {
        this.folder = folder;
        this.segments = segments;
        this.producers = producers;
    }

    /** A segment is about to be created. */
    void nameMade() {
        namesMade++;
    }

    /** The segment will not grow any more. */
    void closed(Segment segment) {
        closed.add(segment);
    }

    /** The segment has no end any more that index files could be written for. */
    void forget(Segment segment) {
        closed.remove(segment);
    }

    /**
     * Takes up what is to be done.
     *
     * @param active whether the growing segment is synced as well
     * @param epochBefore of the record before the log end
     */
    LogFlush flush(boolean active, long logEnd, int epochBefore) {
        Segment last = segments.isEmpty() ? null : segments.getLast();
        List<Segment> unsynced =
                segments.stream().filter(s -> s.unsynced() && (active || s != last)).toList();
        if (producers.tooManyForCheckpoint()) {
            producers.snapshot(logEnd, epochBefore);
        }
        return LogFlush.of(folder, unsynced, producers.takeUnwritten(), closed, namesToSync());
    }

    /** The names that have been made so far, if they are not all durable; otherwise 0. */
    private int namesToSync() {
        return namesMade > namesDurable ? namesMade : 0;
    }

    /**
     * Takes back a flush that has been run.
     *
     * @return snapshots that nothing needs any more, to be deleted
     */
    LogTrim flushed(LogFlush flush, long logStart) {
        if (flush.failure() == null) {
            namesDurable = Math.max(namesDurable, flush.names());
            flush.segments().forEach(LogFlush.Unsynced::synced);
        }
        closed.addAll(flush.unindexed());
        // Whoever reads one of them loads it again.
        flush.indexed().forEach(Segment::unloadIndex);
        flush.snapshots().forEach(s -> producers.written(s, flush.snapshotsWritten()));
        return new LogTrim(
                folder.disk(),
                folder.directory(),
                List.of(),
                producers.superfluous(logStart, segments));
    }

    /** Takes back a flush that will not be run. */
    void undo(LogFlush flush) {
        closed.addAll(flush.unindexed());
        flush.snapshots().forEach(s -> producers.written(s, false));
    }

    /** Whether there is anything that {@link #flush} would write. */
    boolean any() {
        return !closed.isEmpty()
                || producers.hasUnwritten()
                || segments.stream().anyMatch(Segment::unsynced);
    }
}
