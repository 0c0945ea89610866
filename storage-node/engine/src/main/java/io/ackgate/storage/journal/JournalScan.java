package io.ackgate.storage.journal;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.MissingFileException;
import io.ackgate.storage.disk.UnreachableDiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal of an earlier start, twice: once to find what is part of it, and once more for
 * its records, a group at a time, so that a start needs little memory however much the journal
 * holds.
 *
 * <p>A group that cannot be read ends it: what was being written when the machine stopped. If a
 * later group says that the unreadable one had been synced, nothing was torn: the bytes were
 * damaged, and what they said is unknown.
 *
 * <p>Where only the batches in a group are damaged, and what the group says of them can be read,
 * the group counts: each replica finds out for itself whether its segment has the batch.
 *
 * <p>What is read need not be durable: after a killed process the last groups may be in the page
 * cache only. Recovery cuts and deletes by what it reads, so that a loss of power must not take it
 * back. Syncing it would prove nothing, because an fsync may have failed before, and the kernel
 * then takes the pages it could not write for clean. Groups that no later one calls synced are
 * therefore written again: the same bytes in the same place.
 */
public final class JournalScan {
    private static final int PIECE_BYTES = 1 << 20;

    private static final JournalPosition EVERYTHING =
            new JournalPosition(Long.MAX_VALUE, Integer.MAX_VALUE);

    private final Disk disk;
    private final List<Long> generations;
    private final ScannedGroups groups;

    /** Everything before it was synced, by what any group says. */
    private final JournalPosition vouched;

    private final @Nullable String damage;

    private JournalScan(
            Disk disk,
            List<Long> generations,
            ScannedGroups groups,
            JournalPosition vouched,
            @Nullable String damage) {
        this.disk = disk;
        this.generations = List.copyOf(generations);
        this.groups = groups;
        this.vouched = vouched;
        this.damage = damage;
    }

    /** Generations of the files that are there, ascending. */
    public List<Long> generations() {
        return generations;
    }

    /**
     * Reads the records, in the order in which they were made.
     *
     * @throws IOException if what was read before cannot be read again
     */
    public void forEachRecord(Consumer<JournalRecord> action) throws IOException {
        int index = groups.nextFollowed(0);
        while (index >= 0) {
            long generation = groups.place(index).begin().generation();
            try (DiskFile file = disk.open(JournalFile.path(generation))) {
                JournalWindow window = new JournalWindow(file);
                while (index >= 0 && groups.place(index).begin().generation() == generation) {
                    int at = groups.place(index).begin().offset();
                    List<JournalRecord> records = ScannedGroup.records(window, at, generation);
                    if (records == null) {
                        throw new IOException(
                                "the group at %d of %s reads otherwise than before"
                                        .formatted(at, JournalFile.path(generation)));
                    }
                    records.forEach(action);
                    index = groups.nextFollowed(index + 1);
                }
            } catch (IOException e) {
                throw unreadable(generation, e);
            }
        }
    }

    /** What kept a file from being read, which names it unless it is no matter of this file. */
    private static IOException unreadable(long generation, IOException failure) {
        boolean told =
                failure instanceof DiskFullException
                        || failure instanceof UnreachableDiskException
                        || failure instanceof MissingFileException;
        return told
                ? failure
                : new IOException(
                        ("the journal's file %s cannot be read (%s). Nothing is given up: start"
                                        + " again once it can be; or take the file away, and all"
                                        + " replicas of the node are made anew from others")
                                .formatted(JournalFile.path(generation), failure.getMessage()),
                        failure);
    }

    /** What of the journal was synced and cannot be read, null if there is nothing of the kind. */
    public @Nullable String damage() {
        return damage;
    }

    /** The path of a journal file. */
    public static String path(long generation) {
        return JournalFile.path(generation);
    }

    /** Generations of the journal files of a data directory, ascending. */
    public static List<Long> generations(Disk disk) throws IOException {
        List<Long> generations = new ArrayList<>();
        for (String name : disk.list(JournalFile.DIRECTORY)) {
            long generation = JournalFile.generation(name);
            if (generation > 0) {
                generations.add(generation);
            }
        }
        generations.sort(null);
        return generations;
    }

    /**
     * Reads what stands in the journal of an earlier start from {@code start} on, and makes it
     * durable unless it is damaged: no log is cut by a damaged one.
     *
     * @param blockBytes the block size in force when it was written
     */
    public static JournalScan read(Disk disk, JournalPosition start, int blockBytes)
            throws IOException {
        JournalScan scan = look(disk, start, EVERYTHING, blockBytes);
        if (scan.damage == null) {
            scan.writeAgainFrom(scan.vouched);
        }
        return scan;
    }

    /**
     * Reads what stands in the journal from {@code start} up to {@code end}; the journal may go on
     * behind it meanwhile.
     *
     * @param blockBytes the block size in force when it was written
     */
    public static JournalScan look(
            Disk disk, JournalPosition start, JournalPosition end, int blockBytes)
            throws IOException {
        List<Long> generations = generations(disk);
        ScannedGroups groups = new ScannedGroups();
        String damage = missing(generations, start);
        JournalPosition vouched = start;
        for (long generation : generations) {
            if (generation >= start.generation() && generation <= end.generation()) {
                boolean first = generation == start.generation();
                int from = first ? start.offset() : 0;
                int to = generation == end.generation() ? end.offset() : Integer.MAX_VALUE;
                FileFound found = readFile(disk, generation, from, to, blockBytes, groups);
                vouched = found.vouched().compareTo(vouched) > 0 ? found.vouched() : vouched;
                damage = damage == null ? found.shortened() : damage;
            }
        }
        JournalPosition tail = groups.follow(start, vouched);
        if (damage == null && vouched.compareTo(tail) > 0) {
            damage = "unreadable from " + tail + " on, but synced up to " + vouched;
        }
        return new JournalScan(disk, generations, groups, vouched, damage);
    }

    private void writeAgainFrom(JournalPosition vouched) throws IOException {
        for (int i = groups.nextFollowed(0); i >= 0; i = groups.nextFollowed(i + 1)) {
            ScannedGroups.Place group = groups.place(i);
            if (group.begin().compareTo(vouched) >= 0) {
                writeAgain(group);
            }
        }
    }

    private void writeAgain(ScannedGroups.Place group) throws IOException {
        int end = group.end().offset();
        try (DiskFile file = disk.open(JournalFile.path(group.begin().generation()))) {
            ByteBuffer piece =
                    ByteBuffer.allocate(Math.min(PIECE_BYTES, end - group.begin().offset()));
            for (int at = group.begin().offset(); at < end; at += piece.limit()) {
                piece.clear().limit(Math.min(piece.capacity(), end - at));
                if (file.read(piece, at) == 0) {
                    throw new IOException("it ends at %d before %d".formatted(at, end));
                }
                file.write(piece.flip(), at);
            }
            file.sync();
        } catch (IOException e) {
            throw unreadable(group.begin().generation(), e);
        }
    }

    /**
     * A file is written only once the next one is there, so that a gap in the names shows a loss.
     */
    private static @Nullable String missing(List<Long> generations, JournalPosition start) {
        long expected = start.generation();
        for (long generation : generations) {
            if (generation < expected) {
                continue;
            }
            if (generation > expected) {
                break;
            }
            expected++;
        }
        boolean whole =
                expected > start.generation() && generations.get(generations.size() - 1) < expected;
        return whole ? null : "file " + JournalFile.path(expected) + " is missing";
    }

    /**
     * What was found in a file.
     *
     * @param vouched the greatest position that any of its groups calls synced
     * @param shortened tells if the file is shorter than it was made; null if it is not
     */
    private record FileFound(JournalPosition vouched, @Nullable String shortened) {}

    private static FileFound readFile(
            Disk disk, long generation, int from, int to, int blockBytes, ScannedGroups groups)
            throws IOException {
        JournalPosition vouched = new JournalPosition(0, 0);
        try (DiskFile file = disk.open(JournalFile.path(generation))) {
            JournalWindow window = new JournalWindow(file);
            int made = from;
            int at = from;
            while (at < to && at + JournalGroup.HEADER_BYTES <= window.size()) {
                ScannedGroup group = ScannedGroup.read(window, at, generation, blockBytes);
                if (group != null) {
                    vouched = group.durable().compareTo(vouched) > 0 ? group.durable() : vouched;
                    made = Math.max(made, group.fileBytes());
                }
                if (group != null && group.readable()) {
                    groups.add(group);
                    at = group.end().offset();
                } else {
                    at += blockBytes;
                }
            }
            String shortened =
                    window.size() < made
                            ? "file %s has %d bytes of %d"
                                    .formatted(JournalFile.path(generation), window.size(), made)
                            : null;
            return new FileFound(vouched, shortened);
        } catch (IOException e) {
            throw unreadable(generation, e);
        }
    }
}
