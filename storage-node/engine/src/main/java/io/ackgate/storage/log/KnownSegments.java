package io.ackgate.storage.log;

import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.log.LogRecovery.CorruptLogException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The segments of a log that a checkpoint knows of, as far as they can be believed unseen. */
final class KnownSegments {
    private final LogFolder folder;
    private final ExpectedLog expected;

    /** Bases of the segment files that are there. */
    private final Set<Long> bases;

    KnownSegments(LogFolder folder, ExpectedLog expected, Set<Long> bases) {
        this.folder = folder;
        this.expected = expected;
        this.bases = bases;
    }

    /** The segments below {@code end}, which ends one of them unless a cut went lower. */
    List<Segment> below(long end) throws IOException, CorruptLogException {
        List<Segment> segments = new ArrayList<>();
        List<SegmentEntry> entries = expected.segments();
        for (int i = 0; i < entries.size(); i++) {
            SegmentEntry entry = entries.get(i);
            boolean last = i + 1 == entries.size();
            long next = last ? expected.segmentsEnd() : entries.get(i + 1).baseOffset();
            if (entry.baseOffset() < end) {
                // What retention has passed may be gone, the last one too if another was begun, and
                // so may one of which a cut left nothing but that.
                if (Math.min(next, end) > expected.logStart()) {
                    segments.add(next <= end ? whole(entry) : cutAt(end, entry));
                }
            }
        }
        return segments;
    }

    private Segment whole(SegmentEntry entry) throws IOException, CorruptLogException {
        long size = sizeOf(entry);
        if (size < entry.bytes()) {
            throw new CorruptLogException(
                    "segment %d has %d bytes of %d"
                            .formatted(entry.baseOffset(), size, entry.bytes()));
        }
        Segment segment = existing(entry, entry.bytes());
        if (entry.baseOffset() < expected.syncedTo()) {
            segment.synced(entry.bytes());
        }
        return segment;
    }

    /** A segment that was cut since its size was noted, and may have grown again. */
    private Segment cutAt(long end, SegmentEntry entry) throws IOException, CorruptLogException {
        Segment segment = existing(entry, (int) sizeOf(entry));
        int position = segment.positionOf(end);
        if (position < 0) {
            throw new CorruptLogException("no way to offset " + end + " in " + segment.path());
        }
        segment.cut(position);
        return segment;
    }

    private Segment existing(SegmentEntry entry, int bytes) {
        return Segment.existing(folder, entry.baseOffset(), bytes, SegmentAge.of(entry));
    }

    private long sizeOf(SegmentEntry entry) throws IOException, CorruptLogException {
        if (!bases.contains(entry.baseOffset())) {
            throw new CorruptLogException("segment " + entry.baseOffset() + " is missing");
        }
        String path = folder.path(entry.baseOffset(), LogFiles.LOG);
        try (DiskFile file = folder.disk().open(path)) {
            return file.size();
        }
    }
}
