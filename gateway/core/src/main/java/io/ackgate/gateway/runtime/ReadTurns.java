package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEffect.Read;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads that storage nodes are asked for, in their turn: what is under way stays within a {@link
 * ReadBudget}, the others wait here in the order in which they came. Consumers and replicas that
 * catch up have a queue each, and neither waits for the other. Any thread.
 *
 * <p>One read always goes out, or one larger than the bound never would.
 */
final class ReadTurns {
    /** A read is known by its partition and the number that the partition gave it. */
    private record Key(PartitionId partition, long requestId) {}

    private final ReadBudget budget;
    private final Map<NodeId, Stream> streams = new HashMap<>();
    private long gatewayBytes;

    /** What is asked for on the open stream to a node. */
    private final class Stream {
        private final long number;
        private final Lane fetches = new Lane(budget.fetchBytes());
        private final Lane catchUps = new Lane(budget.catchUpBytes());

        Stream(long number) {
            this.number = number;
        }

        Lane lane(boolean catchUp) {
            return catchUp ? catchUps : fetches;
        }
    }

    /** One queue, and what is under way of it. */
    private final class Lane {
        private final long maxBytes;
        private final ArrayDeque<Read> waiting = new ArrayDeque<>();
        private final Map<Key, Integer> underWay = new HashMap<>();
        private long bytes;

        Lane(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        void sendNext(Consumer<Read> out) {
            for (Read next = waiting.peek(); next != null && fits(next); next = waiting.peek()) {
                waiting.remove();
                int more = next.request().maxBytes();
                underWay.put(key(next), more);
                bytes += more;
                gatewayBytes += more;
                out.accept(next);
            }
        }

        private boolean fits(Read read) {
            int more = read.request().maxBytes();
            return underWay.isEmpty()
                    || (bytes + more <= maxBytes && gatewayBytes + more <= budget.gatewayBytes());
        }

        private boolean end(Key key) {
            Integer less = underWay.remove(key);
            if (less == null) {
                return false;
            }
            bytes -= less;
            gatewayBytes -= less;
            return true;
        }
    }

    ReadTurns(ReadBudget budget) {
        this.budget = budget;
    }

    private static Key key(Read read) {
        return new Key(read.request().partition(), read.request().requestId());
    }

    /** A partition asks for a read; {@code out} sends what may go out now. */
    synchronized void ask(Read read, Consumer<Read> out) {
        Stream stream = streams.get(read.node());
        if (stream == null || stream.number < read.stream()) {
            forget(read.node(), Long.MAX_VALUE);
            stream = new Stream(read.stream());
            streams.put(read.node(), stream);
        } else if (stream.number > read.stream()) {
            // That stream is gone, and whoever asked on it will be told so.
            return;
        }
        Lane lane = stream.lane(read.catchUp());
        lane.waiting.add(read);
        lane.sendNext(out);
    }

    /** A node has answered a read; {@code out} sends what may go out now. */
    synchronized void answered(
            NodeId node, long number, StorageAnswer.Records records, Consumer<Read> out) {
        Stream stream = streams.get(node);
        if (stream == null || stream.number != number) {
            return;
        }
        Key key = new Key(records.partition(), records.requestId());
        if (stream.fetches.end(key) || stream.catchUps.end(key)) {
            // What was given back may be what another node's reads wait for.
            for (Stream any : streams.values()) {
                any.catchUps.sendNext(out);
                any.fetches.sendNext(out);
            }
        }
    }

    /** The stream is gone, and all that was asked for on it. */
    synchronized void closed(NodeId node, long number, Consumer<Read> out) {
        forget(node, number);
        for (Stream any : streams.values()) {
            any.catchUps.sendNext(out);
            any.fetches.sendNext(out);
        }
    }

    private void forget(NodeId node, long upTo) {
        Stream stream = streams.get(node);
        if (stream != null && stream.number <= upTo) {
            streams.remove(node);
            gatewayBytes -= stream.fetches.bytes + stream.catchUps.bytes;
        }
    }

    /** Bytes that reads under way may bring. */
    synchronized long bytes() {
        return gatewayBytes;
    }
}
