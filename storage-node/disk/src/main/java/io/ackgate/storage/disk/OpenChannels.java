package io.ackgate.storage.disk;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of a disk that have a channel. When there are too many, a thread of its own closes
 * those of the files that were used the longest ago, so that nobody who opens one waits for the
 * closing of another.
 *
 * <p>Files in use are passed over. Files with bytes that no sync has covered come last, and are
 * synced before: the kernel tells of a write that failed for as long as it knows the file, and it
 * may forget a file that nobody has open. Thread-safe.
 */
final class OpenChannels {
    /** A sixteenth of the bound is closed at a time, so that the files are seldom gone through. */
    private static final int PART = 16;

    private final int max;
    private final Set<FileDiskFile> open = ConcurrentHashMap.newKeySet();

    /** Files that nobody uses any more and that were in use when they were to be closed. */
    private final ConcurrentLinkedQueue<FileDiskFile> toClose = new ConcurrentLinkedQueue<>();

    private final AtomicLong openings = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    OpenChannels(int max) {
        this.max = max;
    }

    /** A clock that goes on with each channel that is opened. */
    long now() {
        return openings.get();
    }

    int count() {
        return open.size();
    }

    int max() {
        return max;
    }

    /** A file has a channel now. */
    void opened(FileDiskFile file) {
        openings.incrementAndGet();
        open.add(file);
        if (open.size() > max) {
            beginClosing();
        }
    }

    /** A file has no channel any more. */
    void closed(FileDiskFile file) {
        open.remove(file);
    }

    /** Closes a file as soon as nobody uses it. */
    void closeLater(FileDiskFile file) {
        toClose.add(file);
        beginClosing();
    }

    private void beginClosing() {
        if (closing.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("ackgate-close").start(this::close);
        }
    }

    private void close() {
        boolean progress = true;
        while (progress) {
            progress = closeUnused();
            if (open.size() > max && closeSome()) {
                progress = true;
            }
        }
        closing.set(false);
        if (!toClose.isEmpty()) {
            beginClosing();
        }
    }

    private boolean closeUnused() {
        FileDiskFile file = toClose.poll();
        if (file != null) {
            file.closeWhenFree();
        }
        return file != null;
    }

    /** A file that may be closed, as it was when it was looked at. */
    private record Candidate(FileDiskFile file, boolean unsynced, long usedAt) {
        static Candidate of(FileDiskFile file) {
            return new Candidate(file, file.unsynced(), file.usedAt());
        }
    }

    private boolean closeSome() {
        List<Candidate> candidates =
                open.stream()
                        .filter(file -> !file.keptOpen())
                        .map(Candidate::of)
                        .sorted(
                                Comparator.comparing(Candidate::unsynced)
                                        .thenComparingLong(Candidate::usedAt))
                        .limit(Math.max(0, open.size() - max + max / PART))
                        .toList();
        boolean closed = false;
        for (Candidate candidate : candidates) {
            try {
                closed |= candidate.file().giveUpChannel();
            } catch (IOException kept) {
                // The caller that syncs the file next is told, since it has to know.
            }
        }
        return closed;
    }
}
