package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEffect.Read;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads that storage nodes are asked for, in their turn: what is under way stays within a {@link
 * ReadBudget}, the others wait here in the order in which they came. Consumers and replicas that
 * catch up have queues of their own, and neither waits for the other. Any thread.
 *
 * <p>A consumer's read is bounded by the node that is asked, until that has answered. A replica's
 * is bounded by the node to which the records go, until that holds them: see {@link CatchUpWindow}.
 * One that asks for more than the window has room for brings less.
 *
 * <p>One read always goes out, or one larger than the bound never would.
 */
final class ReadTurns {
    /** A read is known by its partition and the number that the partition gave it. */
    private record Key(PartitionId partition, long requestId) {}

    private record Turn(int bytes, long since) {}

    private final ReadBudget budget;
    private final Map<NodeId, Fetches> fetches = new HashMap<>();
    private final Map<NodeId, CatchUps> catchUps = new HashMap<>();
    private long gatewayBytes;

    /** What consumers ask for on the open stream to a node. */
    private record Fetches(long number, Lane lane) {}

    /** What is asked for replicas of one node. */
    private record CatchUps(CatchUpWindow window, Lane lane) {}

    /** One queue, and what is under way of it. */
    private final class Lane {
        private final LongUnaryOperator maxBytes;
        private final Map<Key, Read> waiting = new LinkedHashMap<>();
        private final Map<Key, Turn> underWay = new HashMap<>();
        private long bytes;

        /** {@code maxBytes} at a time. */
        Lane(LongUnaryOperator maxBytes) {
            this.maxBytes = maxBytes;
        }

        boolean isIdle() {
            return underWay.isEmpty() && waiting.isEmpty();
        }

        void sendNext(long now, Consumer<Read> out) {
            var next = waiting.entrySet().iterator();
            while (next.hasNext()) {
                Read asked = next.next().getValue();
                Read read = asked.replica() == null ? asked : asked.ofAtMost(room(now));
                int more = read.request().maxBytes();
                if (!fits(more, now)) {
                    return;
                }
                next.remove();
                underWay.put(key(read), new Turn(more, now));
                bytes += more;
                gatewayBytes += more;
                out.accept(read);
            }
        }

        /** What a large read may bring now: a small one waits until it fits, and no longer. */
        private int room(long now) {
            long room =
                    Math.min(
                            maxBytes.applyAsLong(now) - bytes,
                            budget.gatewayBytes() - gatewayBytes);
            return Math.clamp(room, CatchUpWindow.LEAST_BYTES, Integer.MAX_VALUE);
        }

        private boolean fits(int more, long now) {
            return underWay.isEmpty()
                    || (bytes + more <= maxBytes.applyAsLong(now)
                            && gatewayBytes + more <= budget.gatewayBytes());
        }

        /** Ends a turn, or the wait for it; null if it was not under way. */
        @Nullable Turn end(Key key) {
            waiting.remove(key);
            Turn turn = underWay.remove(key);
            if (turn != null) {
                bytes -= turn.bytes();
                gatewayBytes -= turn.bytes();
            }
            return turn;
        }
    }

    ReadTurns(ReadBudget budget) {
        this.budget = budget;
    }

    private static Key key(Read read) {
        return new Key(read.request().partition(), read.request().requestId());
    }

    /** A partition asks for a read; {@code out} sends what may go out now. */
    synchronized void ask(Read read, long now, Consumer<Read> out) {
        Lane lane = read.replica() == null ? fetches(read) : catchUps(read.replica(), now).lane();
        if (lane != null) {
            lane.waiting.put(key(read), read);
            lane.sendNext(now, out);
        }
    }

    /** The queue of the read's stream; null if that is gone: the asker will be told so. */
    private @Nullable Lane fetches(Read read) {
        Fetches open = fetches.get(read.node());
        if (open != null && open.number() > read.stream()) {
            return null;
        }
        if (open == null || open.number() < read.stream()) {
            drop(read.node(), Long.MAX_VALUE);
            open = new Fetches(read.stream(), new Lane(_ -> budget.fetchBytes()));
            fetches.put(read.node(), open);
        }
        return open.lane();
    }

    private CatchUps catchUps(NodeId replica, long now) {
        CatchUps of =
                catchUps.computeIfAbsent(
                        replica,
                        _ -> {
                            var window = new CatchUpWindow(budget.catchUpBytes(), now);
                            return new CatchUps(window, new Lane(window::bytes));
                        });
        if (of.lane().isIdle()) {
            of.window().begin(now);
        }
        return of;
    }

    /** A node has answered a read; {@code out} sends what may go out now. */
    synchronized void answered(
            NodeId node, long number, StorageAnswer.Records records, long now, Consumer<Read> out) {
        Fetches open = fetches.get(node);
        Key key = new Key(records.partition(), records.requestId());
        if (open != null && open.number() == number && open.lane().end(key) != null) {
            sendAll(now, out);
        }
    }

    /** A replica holds what was read for it, or will not. */
    synchronized void ended(
            NodeId replica, PartitionId partition, long requestId, long now, Consumer<Read> out) {
        CatchUps of = catchUps.get(replica);
        Turn turn = of == null ? null : of.lane().end(new Key(partition, requestId));
        if (of != null && turn != null) {
            of.window().ended(turn.bytes(), turn.since(), now);
            sendAll(now, out);
        }
    }

    /** The stream is gone, and all that consumers asked for on it. */
    synchronized void closed(NodeId node, long number, long now, Consumer<Read> out) {
        drop(node, number);
        sendAll(now, out);
    }

    /** A partition is no more, and nothing that was read for its replicas comes to an end. */
    synchronized void forget(PartitionId partition, long now, Consumer<Read> out) {
        for (CatchUps of : catchUps.values()) {
            Lane lane = of.lane();
            List.copyOf(lane.waiting.keySet()).stream()
                    .filter(key -> key.partition().equals(partition))
                    .forEach(lane::end);
            List.copyOf(lane.underWay.keySet()).stream()
                    .filter(key -> key.partition().equals(partition))
                    .forEach(lane::end);
        }
        sendAll(now, out);
    }

    /** What was given back may be what any other read waits for. */
    private void sendAll(long now, Consumer<Read> out) {
        catchUps.values().forEach(of -> of.lane().sendNext(now, out));
        fetches.values().forEach(of -> of.lane().sendNext(now, out));
    }

    private void drop(NodeId node, long upTo) {
        Fetches open = fetches.get(node);
        if (open != null && open.number() <= upTo) {
            fetches.remove(node);
            gatewayBytes -= open.lane().bytes;
        }
    }

    /** Bytes that reads under way may bring. */
    synchronized long bytes() {
        return gatewayBytes;
    }
}
