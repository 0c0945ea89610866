package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of consumers that partitions of one shard have asked storage nodes for, each with room for
 * its answer in the {@link ReadMemory}. Confined to the shard's thread.
 */
final class ReadRooms {
    /** A read is known by its partition and the number that the partition gave it. */
    record Key(PartitionId partition, long requestId) {}

    private record Reading(Request.Read request, NodeId node, long stream) {}

    private final ReadMemory memory;
    private final Consumer<Runnable> onThread;
    private final Map<Key, Reading> underWay = new HashMap<>();

    /**
     * Nothing is under way.
     *
     * @param onThread has something done on the shard's thread
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
    void begin(PartitionEffect.Read read, Request.@Nullable Read request, Runnable ask) {
        if (request == null) {
            ask.run();
            return;
        }
        Key key = key(read);
        Runnable granted =
                () ->
                        onThread.accept(
                                () -> {
                                    if (isWanted(read)) {
                                        ask.run();
                                    }
                                });
        boolean now = request.beginRead(this, key, memory, read.request().maxBytes(), granted);
        if (request.readsFor(key)) {
            underWay.put(key, new Reading(request, read.node(), read.stream()));
        }
        if (now) {
            ask.run();
        }
    }

    /** Whether somebody waits for the answer still. */
    boolean isWanted(PartitionEffect.Read read) {
        return underWay.containsKey(key(read));
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
        underWay.remove(key);
    }
}
