package io.ackgate.simulation.node;

import io.ackgate.record.BatchFrame;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.Lookup;
import io.ackgate.storage.engine.NodeTime;
import io.ackgate.storage.engine.ScrubSettings;
import io.ackgate.storage.engine.StorageEngine;
import io.ackgate.storage.engine.Sync;
import io.ackgate.storage.engine.Upkeep;
import io.ackgate.storage.log.ReadPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real engine. */
public final class EngineCore implements StorageCore {
    private static final int MAX_READ_BYTES = 1 << 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Each node has its own, so that logs part that would otherwise live in step. */
    private static final long[] CHECKPOINT_INTERVALS_MILLIS = {5_000, 300, 1_000, 150};

    private static final long[] RETENTION_INTERVALS_MILLIS = {50, 400, 100, 1_000};

    /** A few pieces for a log, and all logs before a world ends. */
    private static final ScrubSettings SCRUB = new ScrubSettings(1 << 20, 300, 2_000);

    private final StorageEngine engine;
    private final SimDisk disk;

    private EngineCore(StorageEngine engine, SimDisk disk) {
        this.engine = engine;
        this.disk = disk;
    }

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

    /** Starts the real engine on a disk, with files so small that everything happens often. */
    public static StorageCore open(NodeId node, SimDisk disk, long boot, long nowMillis)
            throws IOException {
        return new EngineCore(
                StorageEngine.open(disk, settings(node), new Boot(node + "/" + boot), nowMillis),
                disk);
    }

    @Override
    public void handle(
            StreamSession session, StorageRequest request, long nowMillis, Answers answers) {
        engine.handle(session, request, nowMillis, answers::answer);
    }

    @Override
    public void flush(long nowMillis, Answers answers) {
        engine.flush(nowMillis, answers::answer);
    }

    @Override
    public void sessionClosed(StreamSession session) {
        engine.sessionClosed(session);
    }

    @Override
    public @Nullable Work beginSync() {
        Sync sync = engine.beginSync();
        return sync == null ? null : new SyncWork(sync);
    }

    @Override
    public @Nullable Work beginUpkeep() {
        Upkeep upkeep = engine.beginUpkeep();
        return upkeep == null ? null : new UpkeepWork(upkeep);
    }

    @Override
    public @Nullable Work beginLookup() {
        Lookup lookup = engine.beginLookup();
        return lookup == null ? null : new LookupWork(lookup);
    }

    @Override
    public @Nullable Work beginScrub() {
        Lookup scrub = engine.beginScrub();
        return scrub == null ? null : new LookupWork(scrub);
    }

    private final class LookupWork implements Work {
        private final Lookup lookup;

        LookupWork(Lookup lookup) {
            this.lookup = lookup;
        }

        @Override
        public void run() {
            lookup.run();
        }

        @Override
        public void done(long nowMillis, Answers answers) {
            engine.lookupDone(lookup, answers::answer);
        }
    }

    private final class SyncWork implements Work {
        private final Sync sync;

        SyncWork(Sync sync) {
            this.sync = sync;
        }

        @Override
        public void run() {
            sync.run();
        }

        @Override
        public void done(long nowMillis, Answers answers) {
            engine.syncDone(sync, nowMillis, answers::answer);
        }
    }

    private final class UpkeepWork implements Work {
        private final Upkeep upkeep;

        UpkeepWork(Upkeep upkeep) {
            this.upkeep = upkeep;
        }

        @Override
        public void run() {
            upkeep.run();
        }

        @Override
        public void done(long nowMillis, Answers answers) {
            engine.upkeepDone(upkeep, nowMillis, answers::answer);
        }
    }

    @Override
    public void tick(NodeTime now, Answers answers) {
        engine.tick(now, answers::answer);
    }

    @Override
    public long knownMillis() {
        return engine.knownMillis();
    }

    @Override
    public List<String> notes() {
        return engine.notes();
    }

    @Override
    public boolean hasFailed() {
        return engine.failed();
    }

    @Override
    public void close(long nowMillis, Answers answers) throws IOException {
        engine.close(nowMillis, answers::answer);
    }

    @Override
    public @Nullable ReplicaView view(PartitionId partition) {
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

    @Override
    public ByteBuffer framesFrom(PartitionId partition, long offset) {
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
