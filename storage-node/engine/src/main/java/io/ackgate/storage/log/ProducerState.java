package io.ackgate.storage.log;

import io.ackgate.storage.producer.ProducerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The producer table of a log and its snapshots.
 *
 * <p>Silence of a producer counts from when the partition's owner appended its last batch, as the
 * frame tells: neither from the batch's timestamps, which are the client's and may be years old,
 * nor by this node's clock.
 */
final class ProducerState {
    /** More producers than that are not kept in checkpoints: each of those is written whole. */
    private static final int MAX_IN_CHECKPOINT = 1_000;

    private ProducerTable table = new ProducerTable();

    /** What the last checkpoint got; null if it got nothing, or the table has changed since. */
    private @Nullable ByteBuffer inCheckpoint;

    private long inCheckpointOffset;
    private int inCheckpointSize;

    /**
     * A snapshot.
     *
     * @param epochBefore of the record before it, which tells it from one of another history
     * @param durable whether it is known to be
     */
    private record Snapshot(int epochBefore, boolean durable) {}

    /** The snapshots by offset. */
    private final TreeMap<Long, Snapshot> snapshots = new TreeMap<>();

    /** Taken, but not written yet. */
    private final List<ProducerSnapshot> unwritten = new ArrayList<>();

    ProducerTable table() {
        return table;
    }

    void table(ProducerTable restored) {
        table = restored;
    }

    void appended(ByteBuffer frame, int at) {
        table.appended(frame, at);
    }

    /** Whether a checkpoint has no room for the table, so that it needs a snapshot of its own. */
    boolean tooManyForCheckpoint() {
        return table.size() > MAX_IN_CHECKPOINT;
    }

    /** A snapshot as of the log end for a checkpoint, or null if it has no room for it. */
    @Nullable ByteBuffer forCheckpoint(long offset, int epochBefore) {
        if (tooManyForCheckpoint()) {
            return null;
        }
        ByteBuffer bytes = inCheckpoint;
        // Between two appends producers can only expire.
        boolean same = inCheckpointOffset == offset && inCheckpointSize == table.size();
        if (bytes == null || !same) {
            ProducerSnapshot snapshot = new ProducerSnapshot(offset, epochBefore, table.known());
            bytes = ByteBuffer.wrap(snapshot.encode()).asReadOnlyBuffer();
            inCheckpoint = bytes;
            inCheckpointOffset = offset;
            inCheckpointSize = table.size();
        }
        return bytes;
    }

    /** Takes a snapshot as of the log end; it is written later. */
    void snapshot(long offset, int epochBefore) {
        if (!snapshots.containsKey(offset)) {
            unwritten.add(new ProducerSnapshot(offset, epochBefore, table.known()));
            snapshots.put(offset, new Snapshot(epochBefore, false));
        }
    }

    /** Snapshots to be written. */
    List<ProducerSnapshot> takeUnwritten() {
        List<ProducerSnapshot> taken = List.copyOf(unwritten);
        unwritten.clear();
        return taken;
    }

    boolean hasUnwritten() {
        return !unwritten.isEmpty();
    }

    /**
     * A snapshot that was taken has been written and synced, or has not and waits for another time:
     * retention does not pass its offset without it.
     */
    void written(ProducerSnapshot snapshot, boolean durable) {
        Snapshot known = snapshots.get(snapshot.offset());
        // After a cut, one of another history may have taken its place.
        if (known != null && known.epochBefore() == snapshot.epochBefore()) {
            snapshots.put(snapshot.offset(), new Snapshot(known.epochBefore(), durable));
            if (!durable) {
                unwritten.add(snapshot);
            }
        }
    }

    /** Takes over a snapshot that stands in the directory. */
    void found(long offset, int epochBefore) {
        snapshots.put(offset, new Snapshot(epochBefore, true));
    }

    /** Whether a durable snapshot as of {@code from} or later, up to {@code to}, exists. */
    boolean durableBetween(long from, long to) {
        return from <= to
                && snapshots.subMap(from, true, to, true).values().stream()
                        .anyMatch(Snapshot::durable);
    }

    /** Forgets what a cut removed. */
    void cutTo(long logEnd, ProducerTable restored) {
        snapshots.tailMap(logEnd, false).clear();
        unwritten.removeIf(snapshot -> snapshot.offset() > logEnd);
        table = restored;
        inCheckpoint = null;
    }

    /**
     * Offsets of durable snapshots that nothing needs: below the log start, or neither at a
     * segment's base nor the newest.
     */
    List<Long> superfluous(long logStart, List<Segment> segments) {
        List<Long> found = new ArrayList<>();
        for (Map.Entry<Long, Snapshot> snapshot : snapshots.entrySet()) {
            long offset = snapshot.getKey();
            boolean newest = offset == snapshots.lastKey();
            boolean atBase = segments.stream().anyMatch(s -> s.baseOffset() == offset);
            if (snapshot.getValue().durable() && !newest && (offset < logStart || !atBase)) {
                found.add(offset);
            }
        }
        found.forEach(snapshots::remove);
        return found;
    }
}
