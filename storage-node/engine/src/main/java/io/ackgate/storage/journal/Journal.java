package io.ackgate.storage.journal;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers records into groups and hands them out to be written and synced, one sync at a time.
 *
 * <p>Confined to the engine's thread, except for {@link JournalSync#run} and {@link
 * NextJournalFile#run}, which touch nothing of it. Every record given to {@link #append} or {@link
 * #add} is durable once the sync that {@link #begin} returns next has been done without failure.
 */
public final class Journal {
    private final Disk disk;
    private final JournalSettings settings;
    private final ChunkPool pool;
    private final byte[] headBytes = new byte[RecordCodec.MAX_CONTROL_BYTES];
    private final ByteBuffer head = ByteBuffer.wrap(headBytes);

    /** Files to be written next, in order. The last one is the reserve, see {@link #roomFor}. */
    private final ArrayDeque<JournalFile> ready = new ArrayDeque<>();

    /** Written files that recovery may still need, oldest first. */
    private final ArrayDeque<JournalFile> inUse = new ArrayDeque<>();

    /** Generations of files that no recovery needs any more. */
    private final ArrayDeque<Long> free = new ArrayDeque<>();

    private final List<JournalGroup> pending = new ArrayList<>();
    private @Nullable JournalGroup open;
    private @Nullable JournalSync underWay;
    private @Nullable NextJournalFile coming;
    private JournalFile current;

    /** Where the next group of {@link #current} begins. */
    private int nextOffset;

    private JournalPosition durable;

    /** Whether the last synced group has records and no later group says that it was synced. */
    private boolean needsVoucher;

    /** Appends that were ever added. */
    private long appends;

    private long nextGeneration;
    private boolean largeFileWanted;
    private boolean failed;

    /**
     * A journal whose first two files have just been created.
     *
     * @param old generations of the files of the journal before it
     */
    private Journal(
            Disk disk,
            JournalSettings settings,
            JournalFile first,
            JournalFile second,
            List<Long> old) {
        this.disk = disk;
        this.settings = settings;
        this.pool = new ChunkPool(settings.chunkBytes());
        this.current = first;
        this.ready.add(second);
        this.free.addAll(old);
        this.nextGeneration = second.generation() + 1;
        this.durable = new JournalPosition(first.generation(), 0);
    }

    /**
     * Begins a new journal beside the files of an old one, which stay until {@link #release}d by
     * the checkpoint that makes them void.
     *
     * @param old generations of the files that are there, ascending
     */
    public static Journal begin(Disk disk, JournalSettings settings, List<Long> old)
            throws IOException {
        FirstFiles files = FirstFiles.make(disk, settings, old);
        return new Journal(disk, settings, files.first(), files.second(), old);
    }

    /** Where recovery has to begin reading if a checkpoint holds everything so far. */
    public JournalPosition start() {
        return new JournalPosition(current.generation(), nextOffset);
    }

    /**
     * Whether a record of an append finds room. The last ready file takes none, nor does the last
     * quarter of the file being written when none is ready: they are the reserve for fences and the
     * like when the disk is full. A file that stands ready is also what tells recovery that a file
     * before it is missing.
     */
    public boolean roomForAppend(ByteBuffer frame) {
        int reserve = ready.isEmpty() ? current.capacity() / 4 : 0;
        boolean room = roomFor(RecordCodec.APPEND_BYTES + frame.remaining(), reserve, 1);
        largeFileWanted |= !room && ready.size() >= 2;
        return room;
    }

    /** Whether any other record finds room, and some more like it. */
    public boolean roomForControl() {
        return roomFor(4 * RecordCodec.MAX_CONTROL_BYTES, 0, 0);
    }

    /** Whether no file stands ready but the one being written. */
    public boolean onReserve() {
        return ready.isEmpty();
    }

    private boolean roomFor(int recordBytes, int reservedBytes, int reservedFiles) {
        if (failed) {
            return false;
        }
        if (recordBytes <= openRoom() - reservedBytes) {
            return true;
        }
        int usable = ready.size() - reservedFiles;
        for (JournalFile file : ready) {
            if (usable-- <= 0) {
                return false;
            }
            if (recordBytes <= file.capacity() - JournalGroup.HEADER_BYTES) {
                return true;
            }
        }
        return false;
    }

    private int openRoom() {
        return open != null
                ? open.room()
                : current.capacity() - nextOffset - JournalGroup.HEADER_BYTES;
    }

    /** Adds an append; there must be room for it. The frame is copied. */
    public void append(PartitionId partition, long highWatermark, ByteBuffer frame) {
        appends++;
        RecordCodec.putAppend(head, partition, highWatermark, frame);
        groupFor(RecordCodec.APPEND_BYTES + frame.remaining())
                .add(headBytes, head.limit(), frame, pool);
    }

    /** Adds a record without a frame; there must be room for it. */
    public void add(JournalRecord record) {
        RecordCodec.put(head, record);
        groupFor(head.limit()).add(headBytes, head.limit(), pool);
    }

    private JournalGroup groupFor(int recordBytes) {
        if (recordBytes > openRoom()) {
            seal();
            do {
                nextFile();
            } while (recordBytes > openRoom());
        }
        if (open == null) {
            open = new JournalGroup(current, nextOffset, pool.take(JournalGroup.HEADER_BYTES));
            pending.add(open);
        }
        return open;
    }

    private void nextFile() {
        inUse.add(current);
        current = ready.remove();
        nextOffset = 0;
    }

    /**
     * Closes the group that is gathering.
     *
     * @return where the next one begins: a place from which recovery may start
     */
    public JournalPosition seal() {
        if (open != null) {
            nextOffset = open.end(settings).offset();
            open = null;
        }
        return start();
    }

    /** Whether nothing waits to be synced and no sync is under way. */
    public boolean settled() {
        return pending.isEmpty() && underWay == null;
    }

    /** Whether records wait for the next {@link #begin}. */
    public boolean gathering() {
        return !pending.isEmpty();
    }

    /** Bytes that wait for the next {@link #begin}. */
    public long gatheredBytes() {
        return pending.stream().mapToLong(JournalGroup::length).sum();
    }

    /** Whether as much has been gathered as one group commit may take. */
    public boolean full() {
        return gatheredBytes() >= settings.groupBytes();
    }

    /** Takes what has been gathered; null if there is nothing or a sync is under way. */
    public @Nullable JournalSync begin() {
        if (underWay != null || pending.isEmpty() || failed) {
            return null;
        }
        seal();
        underWay = new JournalSync(List.copyOf(pending), durable, settings);
        pending.clear();
        return underWay;
    }

    /**
     * Takes back a sync that has been run. After a failure its records are lost, and the journal
     * goes on in another file: what could not be synced there is not tried again, since the kernel
     * may report success for pages it has given up.
     *
     * @return false if the sync failed
     */
    public boolean done(JournalSync sync) {
        underWay = null;
        List<JournalGroup> groups = sync.groups();
        boolean synced = sync.failure() == null;
        if (synced) {
            needsVoucher = groups.stream().anyMatch(JournalGroup::holdsRecords);
            durable = groups.get(groups.size() - 1).end(settings);
        } else {
            leaveFailedFile();
        }
        groups.forEach(group -> group.giveBack(pool));
        return synced;
    }

    /**
     * Moves on from a file that cannot be trusted, with the groups that it has not been given yet.
     */
    private void leaveFailedFile() {
        seal();
        moveOn();
        for (JournalGroup group : pending) {
            while (!failed && group.length() > current.capacity() - nextOffset) {
                moveOn();
            }
            group.moveTo(current, nextOffset);
            nextOffset = group.end(settings).offset();
        }
        if (failed) {
            pending.forEach(group -> group.giveBack(pool));
            pending.clear();
            nextOffset = current.capacity();
        }
    }

    private void moveOn() {
        if (ready.isEmpty()) {
            failed = true;
        } else {
            nextFile();
        }
    }

    /**
     * Whether there is nowhere to write to, after a failed sync: what had been gathered is lost
     * with what the sync had. Ends when {@link #prepare} has brought another file.
     */
    public boolean failed() {
        return failed;
    }

    /** Everything before this has been synced. */
    public JournalPosition durable() {
        return durable;
    }

    /**
     * Whether the last synced group would be taken for a torn one if a bit of it changed, because
     * no later group follows it.
     */
    public boolean needsVoucher() {
        return needsVoucher && settled() && roomForControl();
    }

    /**
     * Makes the next sync write an empty group, by which the one before it is known to be whole.
     */
    public void confirmLastGroup() {
        groupFor(0);
    }

    /** Appends that were ever added. */
    public long appends() {
        return appends;
    }

    /** Bytes of the files from {@code start} to the end: what recovery would have to read. */
    public long bytesSince(JournalPosition start) {
        boolean same = start.generation() == current.generation();
        long bytes = same ? (long) nextOffset - start.offset() : nextOffset;
        for (JournalFile file : inUse) {
            if (file.generation() >= start.generation()) {
                bytes += file.capacity();
            }
        }
        if (!same) {
            bytes -= start.offset();
        }
        return Math.max(0, bytes);
    }

    /** Lets go of everything before {@code start}, which a durable checkpoint has made void. */
    public void release(JournalPosition start) throws IOException {
        while (!inUse.isEmpty() && inUse.element().generation() < start.generation()) {
            JournalFile file = inUse.remove();
            file.file().close();
            free.add(file.generation());
        }
    }

    /** Work for the I/O side: another file to write to, or one that is not needed to be deleted. */
    public @Nullable NextJournalFile prepare() {
        if (coming != null) {
            return null;
        }
        boolean wanted = shortOfFiles() || (!free.isEmpty() && ready.size() < settings.keptFiles());
        if (!wanted && free.isEmpty()) {
            return null;
        }
        coming = new NextJournalFile(disk, settings, wanted ? nextGeneration : -1, free.poll());
        return coming;
    }

    /** Whether another file is being prepared or will be at the next {@link #prepare}. */
    public boolean fileComing() {
        return coming != null || shortOfFiles();
    }

    /**
     * Whether fewer than one file and the reserve are ready, or a frame waits that is too large for
     * the small files that a start creates.
     */
    private boolean shortOfFiles() {
        if (!largeFileWanted || ready.size() < 2) {
            return ready.size() < 2;
        }
        int large = 0;
        for (JournalFile file : ready) {
            large += file.capacity() >= settings.fileBytes() ? 1 : 0;
        }
        return large < 2;
    }

    /**
     * Takes back what {@link #prepare} gave out; tells what kept it from being done, if anything.
     */
    public @Nullable IOException prepared(NextJournalFile file) {
        coming = null;
        JournalFile next = file.result();
        if (next != null) {
            ready.add(next);
            nextGeneration++;
            if (failed) {
                nextFile();
                failed = false;
            }
        } else {
            free.addAll(file.leftOver());
        }
        return file.failure();
    }

    /** Takes back a journal that was begun, before any checkpoint knows of it. */
    public void discard() throws IOException {
        close();
        for (JournalFile file : ready) {
            disk.delete(file.path());
        }
        // In this order also after a crash, as at the beginning.
        disk.syncDirectory(JournalFile.DIRECTORY);
        disk.delete(current.path());
    }

    public void close() throws IOException {
        current.file().close();
        for (JournalFile file : ready) {
            file.file().close();
        }
        for (JournalFile file : inUse) {
            file.file().close();
        }
    }
}
