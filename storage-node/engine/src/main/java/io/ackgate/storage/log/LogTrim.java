package io.ackgate.storage.log;

import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.util.List;

/** Deletes files that a log needs no more. What is not deleted after all does no harm. */
public final class LogTrim {
    private final Disk disk;
    private final String directory;
    private final List<Segment> segments;
    private final List<Long> snapshots;

    LogTrim(Disk disk, String directory, List<Segment> segments, List<Long> snapshots) {
        this.disk = disk;
        this.directory = directory;
        this.segments = segments;
        this.snapshots = snapshots;
    }

    public boolean nothing() {
        return segments.isEmpty() && snapshots.isEmpty();
    }

    /** On the I/O side. */
    public void run() throws IOException {
        for (Segment segment : segments) {
            segment.delete();
        }
        for (long offset : snapshots) {
            disk.delete(ProducerSnapshot.path(directory, offset));
        }
    }
}
