package io.ackgate.simulation.node;

import io.ackgate.record.BatchFrame;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.ScrubSettings;
import io.ackgate.storage.engine.StorageEngine;
import io.ackgate.storage.log.ReadPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An engine on a simulated disk, and the keyhole through which the checks look into it. */
record OpenEngine(StorageEngine engine, SimDisk disk) {
    private static final int MAX_READ_BYTES = 1 << 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Each node has its own, so that logs part that would otherwise live in step. */
    private static final long[] CHECKPOINT_INTERVALS_MILLIS = {5_000, 300, 1_000, 150};

    private static final long[] RETENTION_INTERVALS_MILLIS = {50, 400, 100, 1_000};

    /** A few pieces for a log, and all logs before a world ends. */
    private static final ScrubSettings SCRUB = new ScrubSettings(1 << 20, 300, 2_000);

    private static EngineSettings settings(NodeId node) {
        EngineSettings small = EngineSettings.SMALL;
        return new EngineSettings(
                small.journal(),
                small.checkpointJournalBytes(),
                small.checkpointBatches(),
                CHECKPOINT_INTERVALS_MILLIS[node.value() % CHECKPOINT_INTERVALS_MILLIS.length],
                small.maxFrameBytes(),
                small.highWatermarkIntervalMillis(),
                RETENTION_INTERVALS_MILLIS[node.value() % RETENTION_INTERVALS_MILLIS.length],
                small.indexIntervalBytes(),
                small.reserveBytes(),
                SCRUB);
    }

    /**
     * Starts an engine on a disk, with files so small that everything happens often.
     *
     * @param boot which boot of the machine's operating system this start is in
     */
    static OpenEngine open(NodeId node, SimDisk disk, long boot, long nowMillis)
            throws IOException {
        return new OpenEngine(
                StorageEngine.open(disk, settings(node), new Boot(node + "/" + boot), nowMillis),
                disk);
    }

    /** Null when the node has no such replica. */
    @Nullable ReplicaView view(PartitionId partition) {
        ReplicaStatus status = engine.describe(partition);
        return status == null
                ? null
                : new ReplicaView(
                        status.fault() == null ? status.incarnation() : Incarnation.NONE,
                        status.epoch(),
                        status.logStart(),
                        status.logEnd(),
                        status.highWatermark(),
                        status.producers());
    }

    /** All frames of a replica's log from an offset on. */
    ByteBuffer framesFrom(PartitionId partition, long offset) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        long next = offset;
        while (true) {
            long from = next;
            ByteBuffer some = disk.lookedAt(() -> read(partition, from));
            if (!some.hasRemaining()) {
                return ByteBuffer.wrap(frames.toByteArray());
            }
            byte[] bytes = new byte[some.remaining()];
            some.get(some.position(), bytes);
            frames.writeBytes(bytes);
            int position = some.position();
            while (position < some.limit()) {
                next = BatchFrame.lastOffset(some, position) + 1;
                position += BatchFrame.frameLength(some, position);
            }
        }
    }

    /** A read ends with its segment; nothing is what stands where nothing can be read. */
    private ByteBuffer read(PartitionId partition, long offset) {
        try {
            ReadPlan.Result result = engine.inspect(partition, offset, MAX_READ_BYTES);
            return result == null || result.status() != StorageAnswer.ReadStatus.OK
                    ? NOTHING
                    : result.frames();
        } catch (IOException unreadable) {
            return NOTHING;
        }
    }
}
