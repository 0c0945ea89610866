package io.ackgate.storage.engine;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Runs an engine on a {@link SimDisk}, one thread for everything, and keeps what it answers. */
final class EngineDriver {
    static final TopicId TOPIC = new TopicId(0x1234, 0x5678);
    static final PartitionId P0 = new PartitionId(TOPIC, 0);
    static final PartitionId P1 = new PartitionId(TOPIC, 1);
    static final StreamSession SESSION = new StreamSession(7, 1);
    static final ReplicaSettings FSYNC = settings(io.ackgate.storage.api.Durability.FSYNC);
    static final ReplicaSettings PAGE_CACHE =
            settings(io.ackgate.storage.api.Durability.PAGE_CACHE);

    final SimDisk disk;
    StorageEngine engine;
    final List<StorageAnswer> answers = new ArrayList<>();
    final List<StreamSession> answered = new ArrayList<>();
    long now = 1_000_000;
    private long nextRequestId;

    EngineDriver(SimDisk disk, String boot) throws IOException {
        this(disk, disk, boot);
    }

    /**
     * An engine on a disk that another one stands before.
     *
     * @param before what the engine sees of it
     */
    EngineDriver(SimDisk disk, Disk before, String boot) throws IOException {
        this(disk, before, EngineSettings.SMALL, boot);
    }

    EngineDriver(EngineSettings settings) throws IOException {
        this(new SimDisk(), settings);
    }

    private EngineDriver(SimDisk disk, EngineSettings settings) throws IOException {
        this(disk, disk, settings, "boot-1");
    }

    private EngineDriver(SimDisk disk, Disk before, EngineSettings settings, String boot)
            throws IOException {
        this.disk = disk;
        this.engine = StorageEngine.open(before, settings, new Boot(boot), now);
        engine.tick(NodeTime.of(now), this::take);
    }

    EngineDriver() throws IOException {
        this(new SimDisk(), "boot-1");
    }

    /** Little files, scrubbed as said. */
    static EngineSettings scrubbed(ScrubSettings scrub) {
        EngineSettings small = EngineSettings.SMALL;
        return new EngineSettings(
                small.journal(),
                small.checkpointJournalBytes(),
                small.checkpointBatches(),
                small.checkpointIntervalMillis(),
                small.maxFrameBytes(),
                small.highWatermarkIntervalMillis(),
                small.retentionIntervalMillis(),
                small.indexIntervalBytes(),
                small.reserveBytes(),
                scrub);
    }

    static ReplicaSettings settings(io.ackgate.storage.api.Durability durability) {
        return new ReplicaSettings(durability, 2048, 604_800_000, -1, -1, 86_400_000);
    }

    private void take(EngineEffect effect) {
        switch (effect) {
            case EngineEffect.Answer(var session, var answer) -> take(session, answer);
            case EngineEffect.StartSync _,
                    EngineEffect.StartBackgroundWork _,
                    EngineEffect.StartLookup _,
                    EngineEffect.StartScrub _ ->
                    throw new AssertionError("begun though nobody wanted it: " + effect);
        }
    }

    private void take(StreamSession session, StorageAnswer answer) {
        answered.add(session);
        answers.add(answer);
    }

    /** Hands over a request without letting anything be synced. */
    void handle(StreamSession session, StorageRequest request) {
        handle(session, request, () -> {});
    }

    /** The same; tells when the engine holds nothing of it any more. */
    void handle(StreamSession session, StorageRequest request, Runnable settled) {
        engine.step(new EngineInput.Request(session, request, settled), now, this::take);
    }

    /** Runs everything that waits, until nothing does; time does not pass. */
    void settle() {
        boolean more = true;
        while (more) {
            engine.flush(now, this::take);
            Sync sync = engine.beginSync();
            if (sync != null) {
                sync.run();
                engine.syncDone(sync, now, this::take);
            }
            BackgroundWork backgroundWork = engine.beginBackgroundWork();
            if (backgroundWork != null) {
                backgroundWork.run();
                engine.backgroundWorkDone(backgroundWork, now, this::take);
            }
            Lookup lookup = engine.beginLookup();
            if (lookup != null) {
                lookup.run();
                engine.lookupDone(lookup, this::take);
            }
            Lookup scrub = engine.beginScrub();
            if (scrub != null) {
                scrub.run();
                engine.lookupDone(scrub, this::take);
            }
            more = sync != null || backgroundWork != null || lookup != null || scrub != null;
        }
    }

    /** Lets time pass and does what is due. */
    void tick(long millis) {
        tickOnly(millis);
        settle();
    }

    /** Lets time pass; what is due then is yet to be done. */
    void tickOnly(long millis) {
        now += millis;
        engine.tick(NodeTime.of(now), this::take);
    }

    /** The answers since the last call. */
    List<StorageAnswer> takeAnswers() {
        List<StorageAnswer> taken = List.copyOf(answers);
        answers.clear();
        answered.clear();
        return taken;
    }

    /** Handles a request to its end and gives its last answer. */
    StorageAnswer ask(StreamSession session, StorageRequest request) {
        takeAnswers();
        handle(session, request);
        settle();
        List<StorageAnswer> taken = takeAnswers();
        if (taken.isEmpty()) {
            throw new AssertionError("no answer to " + request);
        }
        return taken.get(taken.size() - 1);
    }

    StorageAnswer fence(int epoch) {
        return ask(SESSION, new StorageRequest.Fence(P0, epoch));
    }

    StorageAnswer assign(PartitionId partition, int epoch, ReplicaSettings settings) {
        return ask(
                SESSION,
                new StorageRequest.Assign(
                        partition, epoch, Incarnation.of(epoch, 1), settings, false));
    }

    StorageAnswer reconcile(PartitionId partition, int epoch, Incarnation incarnation, long end) {
        return ask(SESSION, new StorageRequest.Reconcile(partition, epoch, incarnation, end));
    }

    /** Reconciles with the log of P0, and gives what is said in front of the answer to that. */
    List<StorageAnswer> toldInFrontOfReconciled(
            StreamSession session, int epoch, Incarnation incarnation, long end) {
        takeAnswers();
        handle(session, new StorageRequest.Reconcile(P0, epoch, incarnation, end));
        settle();
        List<StorageAnswer> taken = takeAnswers();
        if (taken.isEmpty() || !(taken.getLast() instanceof StorageAnswer.Reconciled)) {
            throw new AssertionError("it did not reconcile: " + taken);
        }
        return taken.subList(0, taken.size() - 1);
    }

    /** A new replica that accepts appends of an epoch. */
    void ready(PartitionId partition, int epoch, ReplicaSettings settings) {
        assign(partition, epoch, settings);
        reconcile(partition, epoch, Incarnation.of(epoch, 1), 0);
    }

    StorageAnswer append(PartitionId partition, int epoch, ByteBuffer frame) {
        return ask(SESSION, new StorageRequest.Append(partition, epoch, frame, 0));
    }

    StorageAnswer append(long offset, int epoch, String value) {
        return append(P0, epoch, Frames.of(P0, offset, epoch, value));
    }

    /** What a reconciled replica holds from an offset on, frame by frame. */
    List<String> read(PartitionId partition, int epoch, long from) {
        List<String> found = new ArrayList<>();
        long next = from;
        while (true) {
            StorageAnswer.Records records = readOnce(partition, epoch, next);
            if (records.status() != StorageAnswer.ReadStatus.OK) {
                throw new AssertionError("read at " + next + ": " + records);
            }
            List<String> some = Frames.identities(records.frames());
            if (some.isEmpty()) {
                return found;
            }
            found.addAll(some);
            next = lastOffset(records.frames()) + 1;
        }
    }

    static long lastOffset(ByteBuffer frames) {
        int at = frames.position();
        long last = -1;
        while (at < frames.limit()) {
            last = io.ackgate.record.BatchFrame.lastOffset(frames, at);
            at += io.ackgate.record.BatchFrame.frameLength(frames, at);
        }
        return last;
    }

    StorageAnswer.Records readOnce(PartitionId partition, int epoch, long from) {
        StorageAnswer answer =
                ask(
                        SESSION,
                        new StorageRequest.Read(
                                partition, epoch, nextRequestId++, from, 4096, Long.MAX_VALUE));
        return (StorageAnswer.Records) answer;
    }

    void close() throws IOException {
        settle();
        engine.close(now, this::take);
    }

    /** Another engine on what this one's disk holds. */
    EngineDriver reopen(String boot) throws IOException {
        return new EngineDriver(disk, boot);
    }
}
