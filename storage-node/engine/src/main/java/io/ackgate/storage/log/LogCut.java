package io.ackgate.storage.log;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.producer.ProducerTable;
import java.io.IOException;
import java.util.List;

/**
 * Cuts the files of a log and derives its producer table anew; touches nothing but files. When it
 * has been run the cut is durable. Running it again, or on what an interrupted run left, does the
 * same.
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
     * On the I/O side.
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
        List<Long> snapshots = ProducerReplay.snapshots(disk, directory);
        for (long offset : snapshots) {
            if (offset > logEnd) {
                disk.delete(ProducerSnapshot.path(directory, offset));
            }
        }
        disk.syncDirectory(directory);
        replay(snapshots);
    }

    /** A read that fails says nothing of the log, and may be tried again, unlike a failed sync. */
    private void replay(List<Long> snapshots) throws IOException {
        try {
            producers = new ProducerReplay(folder, chain).upTo(logEnd, snapshots, null, spans);
        } catch (IOException e) {
            if (DamagedLogException.proves(e) || e instanceof UnreachableFileException) {
                throw e;
            }
            throw new UnreachableFileException("cannot read what is left in " + directory, e);
        }
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
