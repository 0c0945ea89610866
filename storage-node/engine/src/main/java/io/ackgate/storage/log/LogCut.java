package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.producer.ProducerTable;
import java.io.IOException;
import java.util.List;

/**
 * Cuts the files of a log; touches nothing but files. Its producer table is derived first, so that
 * nothing is cut where what would be left cannot be used. When it has been run the cut is durable.
 * Running it again, or on what an interrupted run left, does the same.
 */
public final class LogCut {
    private final LogFolder folder;
    private final Disk disk;
    private final String directory;
    private final List<Span> spans;
    private final EpochChain chain;
    private final long logEnd;
    private final int lastBytes;
    private ProducerTable producers = new ProducerTable();

    LogCut(LogFolder folder, List<Span> spans, EpochChain chain, long logEnd, int lastBytes) {
        this.folder = folder;
        this.disk = folder.disk();
        this.directory = folder.directory();
        this.spans = spans;
        this.chain = chain;
        this.logEnd = logEnd;
        this.lastBytes = lastBytes;
    }

    /** The log end after the cut. */
    public long logEnd() {
        return logEnd;
    }

    /**
     * Derives the producer table as it will be, from what will be left. On the I/O side.
     *
     * @throws UnreachableFileException if that may be tried again later
     * @throws DamagedLogException if what would be left is damaged
     */
    public void derive() throws IOException {
        try {
            List<Long> snapshots = ProducerReplay.snapshots(disk, directory);
            producers = new ProducerReplay(folder, chain).upTo(logEnd, snapshots, null, spans);
        } catch (IOException e) {
            if (DamagedLogException.proves(e) || e instanceof UnreachableFileException) {
                throw e;
            }
            // A read that fails says nothing of the log.
            throw new UnreachableFileException("cannot read what is left in " + directory, e);
        }
    }

    /**
     * Cuts, once the table has been derived. On the I/O side.
     *
     * @throws UnreachableFileException if it may be run again later, and nothing is lost
     * @throws IOException if the log cannot be trusted any more
     */
    public void run() throws IOException {
        // What lies behind goes first, so that the log has no hole at any moment.
        boolean last = true;
        for (int i = spans.size() - 1; i >= 0; i--) {
            Span span = spans.get(i);
            if (span.baseOffset() >= logEnd) {
                disk.delete(span.path());
                SegmentIndexFiles.delete(disk, directory, span.baseOffset());
            } else if (last) {
                cutLast(span);
                last = false;
            } else if (span.unsynced()) {
                // From here on the segments have to do without the journal.
                sync(span);
            }
        }
        for (long offset : ProducerReplay.snapshots(disk, directory)) {
            if (offset > logEnd) {
                disk.delete(ProducerSnapshot.path(directory, offset));
            }
        }
        disk.syncDirectory(directory);
    }

    private void cutLast(Span span) throws IOException {
        SegmentIndexFiles.delete(disk, directory, span.baseOffset());
        try (DiskFile file = disk.open(span.path())) {
            file.truncate(lastBytes);
            file.sync();
        }
    }

    private void sync(Span span) throws IOException {
        try (DiskFile file = disk.open(span.path())) {
            file.sync();
        }
    }

    int lastBytes() {
        return lastBytes;
    }

    ProducerTable producers() {
        return producers;
    }
}
