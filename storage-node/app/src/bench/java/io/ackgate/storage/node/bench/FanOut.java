package io.ackgate.storage.node.bench;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.node.transport.Frames;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends each batch to three nodes and counts it when all three have acknowledged it: an owner
 * reduced to its sending. A window of batches per partition is under way.
 */
final class FanOut implements StorageTransport.Listener {
    private static final int COPIES = 3;

    /** One partition; guarded by the fan-out. */
    private static final class Lane {
        final PartitionId partition;
        final long[] ends = new long[COPIES];
        final boolean[] reconciled = new boolean[COPIES];
        final long[] sentNanos;
        long next;
        long complete;

        Lane(PartitionId partition, int window) {
            this.partition = partition;
            this.sentNanos = new long[window];
        }
    }

    private final StorageTransport transport;
    private final ReplicaSettings settings;
    private final int frameBytes;
    private final int window;
    private final Map<PartitionId, Lane> lanes = new HashMap<>();
    private final Map<NodeId, Long> streams = new HashMap<>();
    private final ByteBuffer[] samples = new ByteBuffer[16];
    private long[] latencies = new long[1 << 20];
    private int measured;
    private long completed;
    private boolean paused;

    FanOut(
            StorageTransport transport,
            List<PartitionId> partitions,
            ReplicaSettings settings,
            int frameBytes,
            int window) {
        this.transport = transport;
        this.settings = settings;
        this.frameBytes = frameBytes;
        this.window = window;
        partitions.forEach(p -> lanes.put(p, new Lane(p, window)));
        transport.start(this);
    }

    @Override
    public synchronized void opened(NodeId node, long stream) {
        streams.put(node, stream);
        for (Lane lane : lanes.values()) {
            transport.send(
                    node,
                    stream,
                    new StorageRequest.Assign(
                            lane.partition, 1, Incarnation.of(1, node.value()), settings, false));
        }
        transport.flush();
    }

    @Override
    public void closed(NodeId node, long stream, String why) {
        throw new IllegalStateException(node + ": " + why);
    }

    @Override
    public synchronized void answered(NodeId node, long stream, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            Lane lane = lanes.get(answer.partition());
            if (lane == null) {
                throw new IllegalStateException(answer.toString());
            }
            switch (answer) {
                case StorageAnswer.Fenced fenced ->
                        transport.send(
                                node,
                                stream,
                                new StorageRequest.Reconcile(
                                        lane.partition, 1, fenced.incarnation(), 0));
                case StorageAnswer.Reconciled _ -> lane.reconciled[node.value() - 1] = true;
                case StorageAnswer.Appended appended ->
                        lane.ends[node.value() - 1] = appended.logEnd();
                default -> throw new IllegalStateException(answer.toString());
            }
            advance(lane);
        }
        transport.flush();
    }

    private void advance(Lane lane) {
        long end = Arrays.stream(lane.ends).min().orElse(0);
        long now = System.nanoTime();
        while (lane.complete < end) {
            latencies[measured++ % latencies.length] =
                    now - lane.sentNanos[(int) (lane.complete % window)];
            lane.complete++;
            completed++;
        }
        fill(lane, now);
    }

    private void fill(Lane lane, long now) {
        boolean ready = lane.reconciled[0] && lane.reconciled[1] && lane.reconciled[2];
        while (ready && !paused && lane.next < lane.complete + window) {
            ByteBuffer frame = frame(lane);
            lane.sentNanos[(int) (lane.next % window)] = now;
            StorageRequest append =
                    new StorageRequest.Append(lane.partition, 1, frame, lane.complete);
            streams.forEach((node, stream) -> transport.send(node, stream, append));
            lane.next++;
        }
    }

    /** Stamped anew for each offset; the records in it are made once. */
    private ByteBuffer frame(Lane lane) {
        int i = (int) (lane.next % samples.length);
        ByteBuffer sample = samples[i];
        if (sample == null) {
            sample = Frames.frame(lane.partition, i, 1, frameBytes);
            samples[i] = sample;
        }
        ByteBuffer frame =
                ByteBuffer.allocate(sample.remaining()).put(0, sample, 0, sample.remaining());
        io.ackgate.record.BatchFrame.stampInPlace(
                frame,
                lane.partition.topic().high(),
                lane.partition.topic().low(),
                lane.partition.partition(),
                lane.next,
                1,
                6);
        return frame;
    }

    synchronized void pause() {
        paused = true;
    }

    synchronized boolean drained() {
        return lanes.values().stream().allMatch(lane -> lane.complete == lane.next);
    }

    synchronized long completed() {
        return completed;
    }

    /** Latencies since the last call, ascending, nanoseconds; the newest million of them. */
    synchronized long[] takeLatencies() {
        long[] taken = Arrays.copyOf(latencies, Math.min(measured, latencies.length));
        Arrays.sort(taken);
        latencies = new long[latencies.length];
        measured = 0;
        return taken;
    }
}
