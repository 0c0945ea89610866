package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of consumers that partitions of one thread have asked storage nodes for, each with room for
 * its answer in the {@link ReadMemory}. One that finds no room waits for it as long as its caller
 * would wait for records, and is refused then. Confined to the partition thread.
 */
final class ReadRooms {
    /** A read is known by its partition and the number that the partition gave it. */
    record Key(PartitionId partition, long requestId) {}

    /** How long a read waits for room at the least, whatever its caller says. */
    static final long PATIENCE_NANOS = 1_000_000_000L;

    /** How long it does at the most: less than its partition waits for the answer of a leader. */
    static final long MAX_WAIT_NANOS = 20_000_000_000L;

    private record Reading(
            Request.Read request, NodeId node, long stream, long giveUpAt, long serial) {}

    private static final Comparator<Reading> BY_TIME =
            Comparator.comparingLong(Reading::giveUpAt).thenComparingLong(Reading::serial);

    private final ReadMemory memory;
    private final Consumer<Runnable> onThread;
    private final Map<Key, Reading> underWay = new HashMap<>();

    /** Those that have no room yet. */
    private final NavigableSet<Reading> waiting = new TreeSet<>(BY_TIME);

    private long lastSerial;

    /**
     * Nothing is under way.
     *
     * @param onThread has something done on the partition thread
     */
    ReadRooms(ReadMemory memory, Consumer<Runnable> onThread) {
        this.memory = memory;
        this.onThread = onThread;
    }

    private static Key key(PartitionEffect.Read read) {
        return new Key(read.request().partition(), read.request().requestId());
    }

    /**
     * A partition wants a read.
     *
     * @param request of the consumer who gets the answer; null where it is none
     * @param ask asks the node: runs now, or when there is room if the read is still wanted then
     */
    void begin(PartitionEffect.Read read, Request.@Nullable Read request, long now, Runnable ask) {
        if (request == null) {
            ask.run();
            return;
        }
        Key key = key(read);
        Runnable granted = () -> onThread.accept(() -> granted(key, ask));
        boolean room = request.beginRead(this, key, memory, read.request().maxBytes(), granted);
        if (request.readsFor(key)) {
            long giveUpAt =
                    now + Math.clamp(request.deadlineNanos - now, PATIENCE_NANOS, MAX_WAIT_NANOS);
            Reading one = new Reading(request, read.node(), read.stream(), giveUpAt, ++lastSerial);
            underWay.put(key, one);
            if (!room) {
                waiting.add(one);
            }
        }
        if (room) {
            ask.run();
        }
    }

    private void granted(Key key, Runnable ask) {
        Reading one = underWay.get(key);
        if (one != null) {
            waiting.remove(one);
            ask.run();
        }
    }

    /** Refuses those that have waited for room as long as they may. */
    void giveUp(long now) {
        while (!waiting.isEmpty() && waiting.first().giveUpAt() - now <= 0) {
            waiting.removeFirst().request().noRoom();
        }
    }

    /** When {@link #giveUp} has something to do; {@link Long#MAX_VALUE} when nothing is due. */
    long nextDue() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.first().giveUpAt();
    }

    /** The partition has seen the answer: what it has not handed on is held no more. */
    void answered(StorageAnswer.Records records) {
        Reading over = underWay.get(new Key(records.partition(), records.requestId()));
        if (over != null) {
            over.request().endRead(0);
        }
    }

    /** The partitions have heard that the stream is gone, and have asked others by now. */
    void closed(NodeId node, long stream) {
        List<Reading> lost =
                underWay.values().stream()
                        .filter(one -> one.node().equals(node) && one.stream() <= stream)
                        .toList();
        lost.forEach(one -> one.request().endRead(0));
    }

    void forget(Key key) {
        Reading over = underWay.remove(key);
        if (over != null) {
            waiting.remove(over);
        }
    }
}
