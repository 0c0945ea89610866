package io.ackgate.storage.log;

import io.ackgate.storage.producer.ProducerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The producer table of a log and its snapshots.
 *
 * <p>Silence of a producer counts from when the partition's owner appended its last batch, as the
 * frame tells: neither from the batch's timestamps, which are the client's and may be years old,
 * nor by this node's clock.
 */
final class ProducerState {
    private ProducerTable table = new ProducerTable();

    /** Offsets of the snapshots, and whether each is known to be durable. */
    private final TreeMap<Long, Boolean> snapshots = new TreeMap<>();

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

    /** Takes a snapshot as of the log end; it is written later. */
    void snapshot(long offset, int epochBefore) {
        if (!snapshots.containsKey(offset)) {
            unwritten.add(new ProducerSnapshot(offset, epochBefore, table.known()));
            snapshots.put(offset, false);
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
        if (snapshots.replace(snapshot.offset(), durable) != null && !durable) {
            unwritten.add(snapshot);
        }
    }

    /** Takes over a snapshot that stands in the directory. */
    void found(long offset) {
        snapshots.put(offset, true);
    }

    /** Whether a durable snapshot as of this very offset exists. */
    boolean durableAt(long offset) {
        return snapshots.getOrDefault(offset, false);
    }

    /** Forgets what a cut removed. */
    void cutTo(long logEnd, ProducerTable restored) {
        snapshots.tailMap(logEnd, false).clear();
        unwritten.removeIf(snapshot -> snapshot.offset() > logEnd);
        table = restored;
    }

    /**
     * Offsets of durable snapshots that nothing needs: below the log start, or neither at a
     * segment's base nor the newest.
     */
    List<Long> superfluous(long logStart, List<Segment> segments) {
        List<Long> found = new ArrayList<>();
        for (Map.Entry<Long, Boolean> snapshot : snapshots.entrySet()) {
            long offset = snapshot.getKey();
            boolean newest = offset == snapshots.lastKey();
            boolean atBase = segments.stream().anyMatch(s -> s.baseOffset() == offset);
            if (snapshot.getValue() && !newest && (offset < logStart || !atBase)) {
                found.add(offset);
            }
        }
        found.forEach(snapshots::remove);
        return found;
    }
}
