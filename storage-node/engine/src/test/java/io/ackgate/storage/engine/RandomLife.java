package io.ackgate.storage.engine;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A node that lives by chance: requests, syncs, background work and time come in any order that
 * they may, and now and then everything stops. Every request is one that must succeed.
 */
final class RandomLife {
    private static final int PARTITIONS = 3;

    private final Random random;
    private final SimDisk disk = new SimDisk();
    private final Map<PartitionId, LogModel> models = new LinkedHashMap<>();
    private final Map<PartitionId, Boolean> reconciled = new LinkedHashMap<>();
    private final Map<PartitionId, ReplicaSettings> settings = new LinkedHashMap<>();
    private final Map<PartitionId, Long> highWatermarks = new LinkedHashMap<>();
    private long time = 1_000;
    private StreamSession session = new StreamSession(1, 1);
    private EngineDriver node;
    private int boot = 1;
    private @Nullable Sync sync;
    private boolean syncRun;
    private @Nullable BackgroundWork backgroundWork;
    private boolean backgroundWorkRun;

    /** What happened, for the message of a failure. */
    final List<String> story = new ArrayList<>();

    RandomLife(long seed) throws Exception {
        random = new Random(seed);
        node = new EngineDriver(disk, "boot-1");
        for (int i = 0; i < PARTITIONS; i++) {
            PartitionId partition = new PartitionId(EngineDriver.TOPIC, i);
            models.put(partition, new LogModel());
            reconciled.put(partition, false);
            settings.put(partition, EngineDriver.FSYNC);
            highWatermarks.put(partition, 0L);
        }
    }

    /** Lives for so many steps, through so many stops as come. */
    void run(int steps) throws Exception {
        disk.crashAt(disk.operations() + 1 + random.nextInt(400));
        for (int i = 0; i < steps; i++) {
            try {
                step();
            } catch (SimulatedCrash crash) {
                note(crash.getMessage());
                takeAnswers();
                restart();
            }
        }
        disk.crashAt(Long.MAX_VALUE);
        restart();
    }

    private void note(@Nullable String what) {
        story.add(String.valueOf(what));
        if (Boolean.getBoolean("ackgate.disk.trace")) {
            System.out.println(what);
        }
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> {
                node.now += random.nextInt(700);
                node.engine.tick(NodeTime.of(node.now), this::take);
            }
            case 1, 2 -> stepSync();
            case 3, 4 -> stepBackgroundWork();
            case 5 -> node.engine.flush(node.now, this::take);
            default -> request();
        }
        takeAnswers();
    }

    private void take(StreamSession to, StorageAnswer answer) {
        node.answers.add(answer);
    }

    private void takeAnswers() {
        for (StorageAnswer answer : node.takeAnswers()) {
            model(answer.partition()).answer(answer);
        }
    }

    private void stepSync() {
        if (sync == null) {
            sync = node.engine.beginSync();
            syncRun = false;
        } else if (!syncRun) {
            sync.run();
            syncRun = true;
        } else {
            Sync done = sync;
            sync = null;
            node.engine.syncDone(done, node.now, this::take);
        }
    }

    private void stepBackgroundWork() {
        if (backgroundWork == null) {
            backgroundWork = node.engine.beginBackgroundWork();
            backgroundWorkRun = false;
        } else if (!backgroundWorkRun) {
            backgroundWork.run();
            backgroundWorkRun = true;
        } else {
            BackgroundWork done = backgroundWork;
            backgroundWork = null;
            node.engine.backgroundWorkDone(done, node.now, this::take);
        }
    }

    private LogModel model(PartitionId partition) {
        return get(models, partition);
    }

    private static <V> V get(Map<PartitionId, V> map, PartitionId partition) {
        V value = map.get(partition);
        if (value == null) {
            throw new IllegalArgumentException(partition.toString());
        }
        return value;
    }

    private void ask(StorageRequest request) {
        note(request.getClass().getSimpleName() + " " + request);
        model(request.partition()).ask(request);
        node.handle(session, request);
    }

    private void request() {
        PartitionId partition = new PartitionId(EngineDriver.TOPIC, random.nextInt(PARTITIONS));
        LogModel.State state = model(partition).last();
        if (!state.exists()) {
            assign(partition, state.epoch() + 1, false);
            return;
        }
        if (!get(reconciled, partition)) {
            reconcile(partition, state);
            return;
        }
        switch (random.nextInt(40)) {
            case 0, 1 -> fence(partition, state.epoch() + random.nextInt(3));
            case 2 -> assign(partition, state.epoch() + 1, true);
            case 3 -> assign(partition, state.epoch() + random.nextInt(2), false);
            case 4 -> configure(partition, state);
            case 5 -> {
                if (random.nextInt(3) == 0) {
                    ask(new StorageRequest.Delete(partition, state.epoch()));
                    reconciled.put(partition, false);
                    highWatermarks.put(partition, 0L);
                }
            }
            case 6, 7, 8 -> {
                long told = highWatermark(partition, state);
                node.handle(
                        session,
                        new StorageRequest.AdvanceHighWatermark(partition, state.epoch(), told));
            }
            case 9 -> refusedAppend(partition, state);
            default -> append(partition, state);
        }
    }

    private long highWatermark(PartitionId partition, LogModel.State state) {
        long before = Math.max(state.start(), get(highWatermarks, partition));
        long told = before + random.nextInt((int) Math.max(1, state.end() - before + 1));
        told = Math.min(Math.max(told, before), Math.max(before, state.end()));
        highWatermarks.put(partition, told);
        return told;
    }

    /**
     * There is no room for more than a part of a batch, and that cannot be cut off again. Where all
     * has been answered before, it is refused at once, unless it waits for the journal.
     */
    private void refusedAppend(PartitionId partition, LogModel.State state) {
        takeAnswers();
        if (model(partition).possible().size() > 1) {
            return;
        }
        note("no room for " + partition + " at " + state.end());
        StorageRequest append =
                new StorageRequest.Append(partition, state.epoch(), batch(partition, state), 0);
        disk.space(random.nextInt(60));
        disk.setTruncatesFail(true);
        node.handle(session, append);
        hasRoom();
        List<StorageAnswer> answers = node.takeAnswers();
        if (answers.isEmpty()) {
            model(partition).ask(append);
        } else if (!(answers.getLast() instanceof StorageAnswer.Refused)) {
            throw new AssertionError("appended without room: " + answers);
        }
    }

    private void hasRoom() {
        disk.space(Long.MAX_VALUE);
        disk.setTruncatesFail(false);
    }

    private ByteBuffer batch(PartitionId partition, LogModel.State state) {
        String value = "%d:%s".formatted(random.nextInt(), "x".repeat(random.nextInt(700)));
        String[] values = new String[1 + random.nextInt(3)];
        Arrays.fill(values, value);
        time += random.nextInt(20);
        // Rising as a rule, with clients whose clocks differ.
        long timestamp = time + random.nextInt(60) - (random.nextInt(20) == 0 ? 500 : 0);
        return Frames.builder(partition, state.end(), state.epoch(), timestamp, values)
                .producer(random.nextInt(4), state.epoch(), 0)
                .stamp();
    }

    private void append(PartitionId partition, LogModel.State state) {
        ask(
                new StorageRequest.Append(
                        partition,
                        state.epoch(),
                        batch(partition, state),
                        get(highWatermarks, partition)));
    }

    private void fence(PartitionId partition, int epoch) {
        reconciled.put(partition, false);
        ask(new StorageRequest.Fence(partition, epoch));
    }

    private void assign(PartitionId partition, int epoch, boolean keepLog) {
        Durability durability = random.nextInt(3) == 0 ? Durability.PAGE_CACHE : Durability.FSYNC;
        ReplicaSettings chosen =
                new ReplicaSettings(
                        durability,
                        1024 + random.nextInt(3000),
                        random.nextInt(3) == 0 ? 5_000 : 604_800_000,
                        random.nextInt(3) == 0 ? 20_000 : -1,
                        random.nextInt(3) == 0 ? 6_000 : -1,
                        86_400_000);
        reconciled.put(partition, false);
        settings.put(partition, chosen);
        if (!keepLog) {
            highWatermarks.put(partition, 0L);
        }
        ask(
                new StorageRequest.Assign(
                        partition,
                        epoch,
                        Incarnation.of(epoch, 1 + random.nextInt(1 << 20)),
                        chosen,
                        keepLog));
    }

    private void reconcile(PartitionId partition, LogModel.State state) {
        long least = Math.max(state.start(), get(highWatermarks, partition));
        reconciled.put(partition, true);
        boolean own =
                !state.frames().isEmpty()
                        && state.frames().getLast().startsWith(state.epoch() + "@");
        if (random.nextInt(8) == 0) {
            long start = state.end() + random.nextInt(20);
            highWatermarks.put(partition, start);
            ask(
                    new StorageRequest.TruncateFullyAndStartAt(
                            partition,
                            state.epoch(),
                            state.incarnation(),
                            start,
                            KnownProducers.NOBODY));
            return;
        }
        long end = state.end();
        if (!own && random.nextBoolean()) {
            for (int i = state.bases().size() - 1 - random.nextInt(4); i >= 0; i--) {
                if (state.bases().get(i) >= least) {
                    end = state.bases().get(i);
                    break;
                }
            }
        }
        ask(new StorageRequest.Reconcile(partition, state.epoch(), state.incarnation(), end));
    }

    private void configure(PartitionId partition, LogModel.State state) {
        ReplicaSettings now = get(settings, partition);
        ReplicaSettings changed =
                new ReplicaSettings(
                        random.nextBoolean() ? Durability.FSYNC : Durability.PAGE_CACHE,
                        now.segmentBytes(),
                        now.segmentMillis(),
                        now.retentionMillis(),
                        now.retentionBytes(),
                        now.producerExpirationMillis());
        settings.put(partition, changed);
        ask(new StorageRequest.Configure(partition, state.epoch(), changed));
    }

    private void restart() throws Exception {
        boolean powerLost = random.nextBoolean();
        while (true) {
            try {
                stop(powerLost);
                return;
            } catch (SimulatedCrash again) {
                note("again " + again.getMessage());
                powerLost |= random.nextBoolean();
            }
        }
    }

    /** Stops the machine or the process, starts again, and looks. */
    private void stop(boolean powerLost) throws Exception {
        hasRoom();
        note(powerLost ? "power lost" : "process killed");
        if (powerLost) {
            boot++;
            disk.losePower(Chance.of(random), 0.5);
        } else {
            disk.closeHandles();
        }
        if (random.nextInt(4) == 0) {
            disk.crashAt(disk.operations() + 1 + random.nextInt(60));
        }
        sync = null;
        backgroundWork = null;
        long now = node.now;
        node = new EngineDriver(disk, "boot-" + boot);
        node.now = now;
        disk.crashAt(Long.MAX_VALUE);
        session = new StreamSession(session.gateway() + 1, 1);
        new RandomLifeCheck(node, session, powerLost).check(models, settings, highWatermarks);
        reconciled.replaceAll((partition, before) -> true);
        node.takeAnswers();
        disk.crashAt(disk.operations() + 1 + random.nextInt(400));
    }
}
