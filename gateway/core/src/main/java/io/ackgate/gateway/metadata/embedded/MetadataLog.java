package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * The log of changes: a {@link LogHeader}, then {@link LogFrame}s. Thread-confined.
 *
 * <p>A frame is written only when the one before is synced. What a crash can leave of the last one
 * is therefore the only thing that may be broken, and it is cut, since nobody was told of it. A
 * broken frame that has a whole one behind it was whole once: the log is refused. (Damage to the
 * very last frame of a store that was not closed cannot be told from a torn write.)
 *
 * <p>Compaction writes what is left to a new file, syncs it and renames it over the old one.
 */
final class MetadataLog implements AutoCloseable {
    static final String FILE = "metadata.log";
    static final String NEXT_FILE = "metadata.log.next";

    /** Not worth compacting below this size, bytes. */
    static final long LEAST_COMPACTED_BYTES = 1 << 20;

    /**
     * Bytes of superseded changes that a log holds at most before it is compacted, however much is
     * live: what bounds the disk that metadata needs, and how long a start takes.
     */
    static final long MOST_SUPERSEDED_BYTES = 64 << 20;

    /** Bytes of changes in one frame of a compacted log. */
    private static final int COMPACTED_FRAME_BYTES = 256 << 10;

    private final Disk disk;
    private DiskFile file;
    private LogHeader header;
    private long frames;
    private long end;

    /** Where the last frame begins that opening has found; 0 if it has found none. */
    private long lastFound;

    /** Size after the last compaction: what the entries need. */
    private long compactedBytes;

    private MetadataLog(Disk disk, DiskFile file, LogHeader header) {
        this.disk = disk;
        this.file = file;
        this.header = header;
        this.end = LogHeader.BYTES;
    }

    /**
     * What opening the log has found.
     *
     * @param nextVersion above that of every change ever made
     * @param bytesCut of a write that a crash has torn; 0 if there was none
     */
    record Opened(MetadataLog log, long nextVersion, long bytesCut) {}

    /**
     * Opens the log, or makes an empty one, and replays its changes into {@code entries}. All that
     * is replayed is durable when this returns.
     *
     * @throws CorruptMetadataException if the log is damaged other than by a torn last write
     */
    static Opened open(Disk disk, SortedMap<String, Entry> entries) throws IOException {
        disk.delete(NEXT_FILE);
        if (!disk.exists(FILE)) {
            create(disk, new LogHeader(randomId(), 1), List.of()).close();
            putInPlace(disk);
        }
        DiskFile file = disk.open(FILE);
        try {
            LogReader reader = new LogReader(file);
            LogHeader header = LogHeader.decode(reader.read(0, LogHeader.BYTES), FILE);
            MetadataLog log = new MetadataLog(disk, file, header);
            long nextVersion = log.replay(reader, entries);
            long cut = reader.size() - log.end;
            if (cut > 0) {
                file.truncate(log.end);
            }
            log.makeDurable(reader);
            log.compactedBytes = LogHeader.BYTES + sizeOf(entries.values());
            return new Opened(log, nextVersion, cut);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    private long replay(LogReader reader, SortedMap<String, Entry> entries) throws IOException {
        long nextVersion = header.nextVersion();
        while (end < reader.size()) {
            LogFrame.Head head = reader.headAt(end, header.fileId());
            ByteBuffer body = head == null ? null : reader.bodyOf(head, end);
            if (head == null || body == null) {
                long behind = head == null ? end + 1 : end + LogFrame.HEAD_BYTES + head.bodyBytes();
                refuseIfWholeFrameFollows(reader, behind);
                break;
            }
            if (head.number() != frames) {
                throw new CorruptMetadataException(
                        "%s holds frame %d where frame %d belongs, at byte %d; restore it from a backup"
                                .formatted(FILE, head.number(), frames, end));
            }
            nextVersion = Math.max(nextVersion, replay(body, end, entries) + 1);
            frames++;
            lastFound = end;
            end += LogFrame.HEAD_BYTES + head.bodyBytes();
        }
        return nextVersion;
    }

    /**
     * A process that was killed may have left its last frame, or the name of a compacted log, in
     * the page cache only. A frame whose sync has failed stands there as if it were on the disk,
     * and no later sync writes it: it is written again.
     */
    private void makeDurable(LogReader reader) throws IOException {
        if (lastFound > 0) {
            file.write(reader.read(lastFound, Math.toIntExact(end - lastFound)), lastFound);
        }
        file.sync();
        disk.syncDirectory("");
    }

    /** Applies the changes of one frame; the version of the last. */
    private static long replay(ByteBuffer body, long at, SortedMap<String, Entry> entries)
            throws CorruptMetadataException {
        long version = 0;
        try {
            while (body.hasRemaining()) {
                Change change = Change.decode(body);
                version = change.version();
                if (change.deletion()) {
                    entries.remove(change.key());
                } else {
                    entries.put(change.key(), new Entry(change.key(), version, change.value()));
                }
            }
            return version;
        } catch (IllegalArgumentException unreadable) {
            throw new CorruptMetadataException(
                    "the frame at byte %d of %s is whole but cannot be read (%s): it was written by another program"
                            .formatted(at, FILE, unreadable.getMessage()));
        }
    }

    private void refuseIfWholeFrameFollows(LogReader reader, long from) throws IOException {
        for (long at = from; at <= reader.size() - LogFrame.HEAD_BYTES; at++) {
            if (reader.headAt(at, header.fileId()) != null) {
                throw new CorruptMetadataException(
                        ("%s is damaged at byte %d, and acknowledged changes follow at byte %d:"
                                        + " this is no torn write. Restore it from a backup")
                                .formatted(FILE, end, at));
            }
        }
    }

    /**
     * Appends a group of changes; durable when this returns.
     *
     * @throws NotWrittenException if nothing of it stays in the log, which can go on
     * @throws IOException if it is not known what is on the disk: the log must not be used any more
     */
    void append(List<byte[]> changes) throws IOException {
        ByteBuffer frame = LogFrame.encode(header.fileId(), frames, changes);
        int bytes = frame.remaining();
        try {
            file.write(frame, end);
        } catch (IOException notWritten) {
            try {
                file.truncate(end);
            } catch (IOException notCut) {
                notWritten.addSuppressed(notCut);
                throw notWritten;
            }
            throw new NotWrittenException(notWritten);
        }
        file.sync();
        frames++;
        end += bytes;
    }

    /** The disk took no more, and the log is as it was. */
    static final class NotWrittenException extends IOException {
        private static final long serialVersionUID = 1;

        NotWrittenException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Whether so much of the log is likely to be superseded that it should be written anew. */
    boolean isWorthCompacting() {
        return isWorthCompacting(end, compactedBytes);
    }

    /**
     * As above: three quarters of it, or {@link #MOST_SUPERSEDED_BYTES}, whichever comes first.
     *
     * @param bytes size of the log
     * @param needed what its entries take in a compacted one, bytes
     */
    static boolean isWorthCompacting(long bytes, long needed) {
        long most = Math.min(4 * needed, needed + MOST_SUPERSEDED_BYTES);
        return bytes >= Math.max(LEAST_COMPACTED_BYTES, most);
    }

    /**
     * Leaves out what is superseded.
     *
     * @param live all entries there are
     * @param nextVersion above that of every change ever made
     * @throws NotWrittenException if the old log stays, which can go on
     * @throws IOException if it is not known which of the two is on the disk
     */
    void compact(Collection<Entry> live, long nextVersion) throws IOException {
        // Not tried again before the log has grown once more, if there is no space for it now.
        compactedBytes = end;
        MetadataLog next;
        try {
            next = create(disk, new LogHeader(randomId(), nextVersion), live);
        } catch (IOException notWritten) {
            throw new NotWrittenException(notWritten);
        }
        next.file.close();
        putInPlace(disk);
        file.close();
        // Opened by its name, which a disk may use again later.
        file = disk.open(FILE);
        header = next.header;
        frames = next.frames;
        end = next.end;
        compactedBytes = end;
    }

    /** Writes a whole log beside the present one. */
    private static MetadataLog create(Disk disk, LogHeader header, Collection<Entry> entries)
            throws IOException {
        disk.delete(NEXT_FILE);
        DiskFile file = disk.create(NEXT_FILE);
        try {
            file.write(header.encode(), 0);
            MetadataLog log = new MetadataLog(disk, file, header);
            List<byte[]> frame = new ArrayList<>();
            int frameBytes = 0;
            for (Entry entry : entries) {
                byte[] change = Change.put(entry).encode();
                frame.add(change);
                frameBytes += change.length;
                if (frameBytes >= COMPACTED_FRAME_BYTES) {
                    log.writeUnsynced(frame);
                    frame.clear();
                    frameBytes = 0;
                }
            }
            if (!frame.isEmpty()) {
                log.writeUnsynced(frame);
            }
            file.sync();
            return log;
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    private void writeUnsynced(List<byte[]> changes) throws IOException {
        ByteBuffer frame = LogFrame.encode(header.fileId(), frames, changes);
        int bytes = frame.remaining();
        file.write(frame, end);
        frames++;
        end += bytes;
    }

    private static long sizeOf(Collection<Entry> entries) {
        return entries.stream()
                .mapToLong(entry -> entry.key().length() + entry.value().length + 32L)
                .sum();
    }

    private static void putInPlace(Disk disk) throws IOException {
        disk.rename(NEXT_FILE, FILE);
        disk.syncDirectory("");
    }

    private static long randomId() {
        return new SecureRandom().nextLong();
    }

    long sizeInBytes() {
        return end;
    }

    /**
     * Ends the log with an empty frame: from then on damage to what stands before it is known for
     * what it is.
     */
    void closeInGoodOrder() throws IOException {
        try {
            append(List.of());
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
