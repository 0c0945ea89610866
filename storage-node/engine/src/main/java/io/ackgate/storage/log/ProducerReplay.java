package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.producer.ProducerTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives the producer table of a log: the newest snapshot that fits, and the batches after it. */
final class ProducerReplay {
    private final LogFolder folder;
    private final EpochChain chain;

    ProducerReplay(LogFolder folder, EpochChain chain) {
        this.folder = folder;
        this.chain = chain;
    }

    /** Offsets of the snapshots in a directory, the newest first. */
    static List<Long> snapshots(Disk disk, String directory) throws IOException {
        List<Long> offsets = new ArrayList<>();
        for (String name : disk.list(directory)) {
            long offset = LogFiles.offset(name, LogFiles.PRODUCERS);
            if (offset >= 0) {
                offsets.add(offset);
            }
        }
        offsets.sort(Comparator.reverseOrder());
        return offsets;
    }

    /**
     * The table as of {@code logEnd}.
     *
     * @param candidates offsets of snapshots, the newest first
     * @param known a snapshot that is at hand, if any
     * @param spans the segments, of which {@code logEnd} ends the last or stands in it
     */
    ProducerTable upTo(
            long logEnd, List<Long> candidates, @Nullable ProducerSnapshot known, List<Span> spans)
            throws IOException {
        ProducerTable table = new ProducerTable();
        long from = Long.MIN_VALUE;
        if (known != null && known.offset() <= logEnd && take(table, known)) {
            from = known.offset();
        }
        for (long offset : candidates) {
            if (offset <= from) {
                break;
            }
            if (offset <= logEnd && take(table, offset)) {
                from = offset;
                break;
            }
        }
        for (int i = 0; i < spans.size() && from < logEnd; i++) {
            boolean before = i + 1 < spans.size() && spans.get(i + 1).baseOffset() <= from;
            if (!before && spans.get(i).baseOffset() < logEnd) {
                replay(table, spans.get(i), from, logEnd);
            }
        }
        return table;
    }

    private boolean take(ProducerTable table, long offset) throws IOException {
        ProducerSnapshot snapshot =
                ProducerSnapshot.read(folder.disk(), folder.directory(), offset);
        return snapshot != null && take(table, snapshot);
    }

    private boolean take(ProducerTable table, ProducerSnapshot snapshot) {
        // Where retention has taken the record before the snapshot, nothing is left to compare, and
        // nothing that could differ: what is below the log start was committed.
        int epochBefore = chain.epochAt(snapshot.offset() - 1);
        boolean fits = epochBefore < 0 || epochBefore == snapshot.epochBefore();
        if (fits) {
            table.restore(snapshot.producers());
        }
        return fits;
    }

    private void replay(ProducerTable table, Span span, long from, long logEnd) throws IOException {
        try (DiskFile file = folder.disk().open(span.path())) {
            FrameWalk walk = FrameWalk.heads(file, folder.partition(), 0, span.bytes());
            long next = span.baseOffset();
            while (next < logEnd) {
                FrameWalk.Step step = walk.look();
                if (step == FrameWalk.Step.END) {
                    return;
                }
                if (step == FrameWalk.Step.BAD || walk.baseOffset() != next) {
                    // A table that lacks batches would take their repeats for news.
                    throw new DamagedLogException("no batch at " + next + " in " + span.path());
                }
                if (next >= from) {
                    table.appended(walk.buffer(), walk.frame());
                }
                next = walk.nextOffset();
                walk.advance();
            }
        }
    }
}
