package io.ackgate.storage.journal;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal of an earlier start.
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
    private final List<Long> generations;
    private final List<JournalRecord> records;
    private final @Nullable String damage;

    private JournalScan(
            List<Long> generations, List<JournalRecord> records, @Nullable String damage) {
        this.generations = List.copyOf(generations);
        this.records = records;
        this.damage = damage;
    }

    /** Generations of the files that are there, ascending. */
    public List<Long> generations() {
        return generations;
    }

    /** The records in the order in which they were made. */
    public List<JournalRecord> records() {
        return records;
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
     * Reads what stands in the journal from {@code start} on.
     *
     * @param blockBytes the block size in force when it was written
     */
    public static JournalScan read(Disk disk, JournalPosition start, int blockBytes)
            throws IOException {
        List<Long> generations = generations(disk);
        List<ScannedGroup> groups = new ArrayList<>();
        String damage = missing(generations, start);
        for (long generation : generations) {
            if (generation >= start.generation()) {
                boolean first = generation == start.generation();
                int from = first ? start.offset() : 0;
                String shortened = readFile(disk, generation, from, blockBytes, groups);
                damage = damage == null ? shortened : damage;
            }
        }
        JournalPosition vouched = start;
        for (ScannedGroup group : groups) {
            vouched = group.durable().compareTo(vouched) > 0 ? group.durable() : vouched;
        }
        List<ScannedGroup> followed = follow(start, vouched, groups);
        JournalPosition tail = start;
        List<JournalRecord> records = new ArrayList<>();
        for (ScannedGroup group : followed) {
            tail = group.end();
            records.addAll(group.records());
        }
        if (damage == null && vouched.compareTo(tail) > 0) {
            damage = "unreadable from " + tail + " on, but synced up to " + vouched;
        }
        for (ScannedGroup group : followed) {
            if (group.begin().compareTo(vouched) >= 0) {
                writeAgain(disk, group);
            }
        }
        return new JournalScan(generations, records, damage);
    }

    private static void writeAgain(Disk disk, ScannedGroup group) throws IOException {
        int position = group.begin().offset();
        try (DiskFile file = disk.open(JournalFile.path(group.begin().generation()))) {
            ByteBuffer bytes = ByteBuffer.allocate(group.end().offset() - position);
            file.read(bytes, position);
            file.write(bytes.flip(), position);
            file.sync();
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

    /** Reads the groups of a file; tells if it is shorter than it was made. */
    private static @Nullable String readFile(
            Disk disk, long generation, int from, int blockBytes, List<ScannedGroup> groups)
            throws IOException {
        try (DiskFile file = disk.open(JournalFile.path(generation))) {
            JournalWindow window = new JournalWindow(file);
            int made = from;
            int at = from;
            while (at + JournalGroup.HEADER_BYTES <= window.size()) {
                ScannedGroup group = ScannedGroup.read(window, at, generation, blockBytes);
                if (group != null) {
                    groups.add(group);
                    made = Math.max(made, group.fileBytes());
                }
                at = group != null && group.readable() ? group.end().offset() : at + blockBytes;
            }
            return window.size() < made
                    ? "file %s has %d bytes of %d"
                            .formatted(JournalFile.path(generation), window.size(), made)
                    : null;
        }
    }

    /**
     * The group that stands at the start without following it: a checkpoint may begin where the
     * journal went on after a sync had failed, and there the first group follows what had been
     * synced before that.
     */
    private static @Nullable ScannedGroup standingAt(
            JournalPosition start, JournalPosition vouched, List<ScannedGroup> groups) {
        for (ScannedGroup group : groups) {
            if (counts(group, vouched) && group.begin().equals(start)) {
                return group;
            }
        }
        return null;
    }

    /**
     * A group that was synced counts if it can be read; any other one was torn unless it is whole.
     */
    private static boolean counts(ScannedGroup group, JournalPosition vouched) {
        return group.whole() || (group.readable() && group.begin().compareTo(vouched) < 0);
    }

    /** Goes from group to group, each following the one before. */
    private static List<ScannedGroup> follow(
            JournalPosition start, JournalPosition vouched, List<ScannedGroup> groups) {
        Map<JournalPosition, ScannedGroup> followers = new HashMap<>();
        for (ScannedGroup group : groups) {
            if (counts(group, vouched)) {
                // Groups come in ascending order. Where two follow the same one, the first belongs
                // to a sync that failed, and the second to the file in which the journal went on.
                followers.put(group.follows(), group);
            }
        }
        List<ScannedGroup> followed = new ArrayList<>();
        ScannedGroup group = followers.get(start);
        if (group == null) {
            group = standingAt(start, vouched, groups);
        }
        while (group != null) {
            followed.add(group);
            group = followers.get(group.end());
        }
        return followed;
    }
}
