package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what a log has written durable; touches nothing but files. */
public final class LogFlush {
    private final Disk disk;
    private final String directory;
    private final List<Unsynced> segments;
    private final List<ProducerSnapshot> snapshots;
    private final List<IndexWrite> indexes;
    private @Nullable IOException failure;
    private @Nullable IOException derivedFailure;
    private boolean snapshotsWritten;

    /**
     * A segment to be synced.
     *
     * @param bytes it held when this was taken
     */
    record Unsynced(Segment segment, int bytes) {}

    /** Index files to be written for a segment that has been closed. */
    record IndexWrite(Segment segment, SegmentIndexFiles.Loaded content) {}

    LogFlush(
            Disk disk,
            String directory,
            List<Unsynced> segments,
            List<ProducerSnapshot> snapshots,
            List<IndexWrite> indexes) {
        this.disk = disk;
        this.directory = directory;
        this.segments = segments;
        this.snapshots = snapshots;
        this.indexes = indexes;
    }

    /** On the I/O side. */
    public void run() {
        try {
            for (Unsynced unsynced : segments) {
                if (!unsynced.segment().removed()) {
                    unsynced.segment().file().sync();
                }
            }
            writeDerived();
            disk.syncDirectory(directory);
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
            for (IndexWrite index : indexes) {
                Segment segment = index.segment();
                if (!segment.removed()) {
                    SegmentIndexFiles.write(
                            disk,
                            directory,
                            segment.baseOffset(),
                            segment.bytes(),
                            index.content());
                }
            }
        } catch (IOException e) {
            derivedFailure = e;
        }
    }

    /** What kept a snapshot or an index from being written, if anything did. */
    public @Nullable IOException derivedFailure() {
        return derivedFailure;
    }

    boolean snapshotsWritten() {
        return snapshotsWritten && failure == null;
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
