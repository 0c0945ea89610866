package io.ackgate.storage.node.transport;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends without end to some replicas on each node, each a log of its own, and keeps what was
 * acknowledged. Whenever a stream opens it fences its replicas in the next epoch, holds what they
 * answer against what they had acknowledged, and goes on where they are.
 */
public final class AppendLoad implements StorageTransport.Listener {
    /** One replica; guarded by the load. */
    private static final class Log {
        int epoch;
        boolean assigned;
        boolean reconciled;
        long next;
        long acknowledged;
    }

    private record Place(NodeId node, PartitionId partition) {}

    private final StorageTransport transport;
    private final ReplicaSettings settings;
    private final int window;
    private final int frameBytes;
    private final Map<Place, Log> logs = new HashMap<>();
    private final Map<NodeId, Long> streams = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private boolean paused;

    /**
     * Starts the transport and the load.
     *
     * @param window frames under way per replica
     * @param frameBytes about the size of a frame, bytes
     */
    public AppendLoad(
            StorageTransport transport,
            List<NodeId> nodes,
            int partitions,
            ReplicaSettings settings,
            int window,
            int frameBytes) {
        this.transport = transport;
        this.settings = settings;
        this.window = window;
        this.frameBytes = frameBytes;
        for (NodeId node : nodes) {
            for (int p = 0; p < partitions; p++) {
                logs.put(new Place(node, partition(p)), new Log());
            }
        }
        transport.start(this);
    }

    public static PartitionId partition(int index) {
        return new PartitionId(new TopicId(5, 6), index);
    }

    @Override
    public synchronized void opened(NodeId node, long stream) {
        streams.put(node, stream);
        logs.forEach(
                (place, log) -> {
                    if (place.node().equals(node)) {
                        log.epoch++;
                        log.reconciled = false;
                        send(place, fence(place, log));
                    }
                });
        transport.flush();
    }

    private StorageRequest fence(Place place, Log log) {
        return log.assigned
                ? new StorageRequest.Fence(place.partition(), log.epoch)
                : new StorageRequest.Assign(
                        place.partition(),
                        log.epoch,
                        Incarnation.of(log.epoch, place.node().value()),
                        settings,
                        false);
    }

    @Override
    public synchronized void closed(NodeId node, long stream, String why) {
        streams.remove(node);
        notifyAll();
    }

    @Override
    public synchronized void answered(NodeId node, long stream, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            Place place = new Place(node, answer.partition());
            Log log = logs.get(place);
            if (log == null || answer.epoch() != log.epoch) {
                wrong.add("unexpected: " + answer);
            } else {
                take(place, log, answer);
            }
        }
        transport.flush();
        notifyAll();
    }

    private void take(Place place, Log log, StorageAnswer answer) {
        switch (answer) {
            case StorageAnswer.Fenced fenced -> {
                log.assigned = true;
                if (fenced.logEnd() < log.acknowledged) {
                    wrong.add(place + " acknowledged " + log.acknowledged + ": " + fenced);
                }
                if (fenced.incarnation().equals(Incarnation.NONE)) {
                    wrong.add(place + " lost its incarnation: " + fenced);
                }
                log.next = fenced.logEnd();
                send(
                        place,
                        new StorageRequest.Reconcile(
                                place.partition(),
                                log.epoch,
                                fenced.incarnation(),
                                fenced.logEnd()));
            }
            case StorageAnswer.Reconciled reconciled -> {
                log.reconciled = true;
                log.acknowledged = Math.max(log.acknowledged, reconciled.logEnd());
                fill(place, log);
            }
            case StorageAnswer.Appended appended -> {
                log.acknowledged = Math.max(log.acknowledged, appended.logEnd());
                fill(place, log);
            }
            default -> wrong.add(place + " answered " + answer);
        }
    }

    private void fill(Place place, Log log) {
        while (!paused && log.reconciled && log.next < log.acknowledged + window) {
            send(
                    place,
                    new StorageRequest.Append(
                            place.partition(),
                            log.epoch,
                            Frames.frame(place.partition(), log.next, log.epoch, frameBytes),
                            log.acknowledged));
            log.next++;
        }
    }

    private void send(Place place, StorageRequest request) {
        Long stream = streams.get(place.node());
        if (stream != null) {
            transport.send(place.node(), stream, request);
        }
    }

    /** What went against the contract so far. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Records acknowledged by all replicas of a node together. */
    public synchronized long acknowledged(NodeId node) {
        long sum = 0;
        for (Map.Entry<Place, Log> log : logs.entrySet()) {
            if (log.getKey().node().equals(node)) {
                sum += log.getValue().acknowledged;
            }
        }
        return sum;
    }

    public synchronized long acknowledged(NodeId node, PartitionId partition) {
        Log log = logs.get(new Place(node, partition));
        return log == null ? 0 : log.acknowledged;
    }

    public synchronized int epoch(NodeId node, PartitionId partition) {
        Log log = logs.get(new Place(node, partition));
        return log == null ? 0 : log.epoch;
    }

    /** Waits until a node has acknowledged so many records more than it has now. */
    public synchronized void awaitMore(NodeId node, long records) throws InterruptedException {
        long goal = acknowledged(node) + records;
        long end = System.nanoTime() + 60_000_000_000L;
        while (acknowledged(node) < goal) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(
                        node + " is at " + acknowledged(node) + " of " + goal + "; " + wrong);
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /** Waits until the stream to a node has ended. */
    public synchronized void awaitClosed(NodeId node) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (streams.containsKey(node)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("the stream to " + node + " is still open");
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /** Sends nothing more. */
    public synchronized void pause() {
        paused = true;
    }
}
