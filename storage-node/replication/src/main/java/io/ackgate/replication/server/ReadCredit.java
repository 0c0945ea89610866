package io.ackgate.replication.server;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * How much a gateway may have read at a time: while it takes no answers, or the reads under way may
 * bring as much as may wait for it, the next read waits here. A read changes nothing and may be
 * overtaken. Any thread.
 *
 * <p>One read is always under way, or one larger than the bound never would be.
 */
final class ReadCredit {
    /** A read is known by its partition and the number that its asker gave it. */
    private record Key(PartitionId partition, long requestId) {}

    private record Waiting(StorageRequest.Read read, Runnable handled) {}

    /** Who carries reads out. */
    interface Engine {
        /** Takes a read; {@code handled} runs once it has been looked at. Does not block. */
        void submit(StorageRequest.Read read, Runnable handled);
    }

    private final long maxBytes;
    private final Engine engine;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Map<Key, Integer> underWay = new HashMap<>();
    private long bytes;

    /**
     * Nothing is under way.
     *
     * @param maxBytes of answers that wait and of reads under way, together
     * @param engine takes a read
     */
    ReadCredit(long maxBytes, Engine engine) {
        this.maxBytes = maxBytes;
        this.engine = engine;
    }

    /** A read arrives; {@code queuedBytes} of answers wait for the gateway. */
    synchronized void take(StorageRequest.Read read, Runnable handled, long queuedBytes) {
        waiting.add(new Waiting(read, handled));
        goOn(queuedBytes);
    }

    /** The engine has answered a read. */
    synchronized void answered(StorageAnswer.Records records) {
        Integer less = underWay.remove(new Key(records.partition(), records.requestId()));
        if (less != null) {
            bytes -= less;
        }
    }

    /** Hands on the reads that there is room for. */
    synchronized void goOn(long queuedBytes) {
        for (Waiting next = waiting.peek();
                next != null && fits(next.read(), queuedBytes);
                next = waiting.peek()) {
            waiting.remove();
            StorageRequest.Read read = next.read();
            Integer before =
                    underWay.put(new Key(read.partition(), read.requestId()), read.maxBytes());
            bytes += read.maxBytes() - (before == null ? 0 : before);
            engine.submit(read, next.handled());
        }
    }

    private boolean fits(StorageRequest.Read read, long queuedBytes) {
        return queuedBytes + bytes + read.maxBytes() <= maxBytes
                || (queuedBytes == 0 && underWay.isEmpty());
    }

    /** Reads that wait for room. */
    synchronized int waiting() {
        return waiting.size();
    }
}
