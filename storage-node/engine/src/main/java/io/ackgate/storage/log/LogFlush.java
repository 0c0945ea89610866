package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what a log has written durable; touches nothing but files. */
public final class LogFlush implements Runnable {
    private final LogFolder folder;
    private final Disk disk;
    private final String directory;
    private final List<Unsynced> segments;
    private final List<ProducerSnapshot> snapshots;
    private final List<IndexWrite> indexes;
    private final int names;
    private @Nullable IOException failure;
    private @Nullable IOException derivedFailure;
    private boolean snapshotsWritten;
    private final List<IndexWrite> written = new ArrayList<>();

    /**
     * A segment to be synced.
     *
     * @param bytes it held when this was taken
     * @param cuts it had seen by then: after another, the sync says nothing of what stands there
     */
    record Unsynced(Segment segment, int bytes, int cuts) {
        static Unsynced of(Segment segment) {
            return new Unsynced(segment, segment.bytes(), segment.cuts());
        }

        void synced() {
            if (segment.cuts() == cuts) {
                segment.synced(bytes);
            }
        }
    }

    /** Index files to be written for a segment that has been closed. */
    record IndexWrite(Segment segment, int bytes, int cuts) {
        static IndexWrite of(Segment segment) {
            return new IndexWrite(segment, segment.bytes(), segment.cuts());
        }

        boolean outdated() {
            return segment.removed() || segment.cuts() != cuts;
        }
    }

    private LogFlush(
            LogFolder folder,
            List<Unsynced> segments,
            List<ProducerSnapshot> snapshots,
            List<IndexWrite> indexes,
            int names) {
        this.folder = folder;
        this.disk = folder.disk();
        this.directory = folder.directory();
        this.segments = segments;
        this.snapshots = snapshots;
        this.indexes = indexes;
        this.names = names;
    }

    /**
     * Takes up what is to be done.
     *
     * @param closed segments that lack index files; those that are taken up are removed from it
     */
    static LogFlush of(
            LogFolder folder,
            List<Segment> unsynced,
            List<ProducerSnapshot> snapshots,
            List<Segment> closed,
            int names) {
        List<IndexWrite> indexes = closed.stream().map(IndexWrite::of).toList();
        closed.clear();
        return new LogFlush(
                folder, unsynced.stream().map(Unsynced::of).toList(), snapshots, indexes, names);
    }

    /** On the I/O side. What goes wrong is kept. */
    @Override
    public void run() {
        try {
            for (Unsynced unsynced : segments) {
                if (!unsynced.segment().removed()) {
                    unsynced.segment().file().sync();
                }
            }
            writeDerived();
            if (names > 0 || !snapshots.isEmpty()) {
                disk.syncDirectory(directory);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** What can be derived again: doing without it costs time at a restart, and no more. */
    private void writeDerived() {
        try {
            for (ProducerSnapshot snapshot : snapshots) {
                snapshot.write(disk, directory);
            }
            snapshotsWritten = true;
        } catch (IOException e) {
            derivedFailure = e;
            return;
        }
        for (IndexWrite index : indexes) {
            try {
                if (!index.outdated()) {
                    long base = index.segment().baseOffset();
                    SegmentIndexFiles.write(
                            folder, base, index.bytes(), index.segment().indexContent());
                }
                written.add(index);
            } catch (IOException e) {
                // An index is derived: the next flush tries again.
                derivedFailure = e;
            }
        }
    }

    /** What kept a snapshot or an index from being written, if anything did. */
    public @Nullable IOException derivedFailure() {
        return derivedFailure;
    }

    /** The names that are durable once this has been run; 0 if there are no new ones. */
    int names() {
        return names;
    }

    boolean snapshotsWritten() {
        return snapshotsWritten && failure == null;
    }

    /** Segments whose index files are still to be written. */
    List<Segment> unindexed() {
        return indexes.stream()
                .filter(index -> !index.outdated() && !written.contains(index))
                .map(IndexWrite::segment)
                .toList();
    }

    /** Segments whose index files are there. */
    List<Segment> indexed() {
        return written.stream()
                .filter(index -> !index.outdated())
                .map(IndexWrite::segment)
                .toList();
    }

    List<Unsynced> segments() {
        return segments;
    }

    List<ProducerSnapshot> snapshots() {
        return snapshots;
    }

    /** Why the segments may not be durable; null if they are. */
    public @Nullable IOException failure() {
        return failure;
    }
}
