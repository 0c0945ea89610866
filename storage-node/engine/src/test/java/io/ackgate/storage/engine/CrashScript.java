package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static io.ackgate.storage.engine.EngineDriver.TOPIC;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** A life of three replicas in which everything happens that a crash may interrupt. */
final class CrashScript {
    static final PartitionId P2 = new PartitionId(TOPIC, 2);

    /** So small that retention deletes segments, and so does age. */
    private static final ReplicaSettings LITTLE =
            new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 4096, 86_400_000);

    final EngineDriver node;
    final Map<PartitionId, LogModel> models = new LinkedHashMap<>();

    /** Told with appends; no cut may go below it. */
    private long highWatermark = 5;

    CrashScript(EngineDriver node) {
        this.node = node;
        models.put(P0, new LogModel());
        models.put(P1, new LogModel());
        models.put(P2, new LogModel());
    }

    LogModel model(PartitionId partition) {
        LogModel model = models.get(partition);
        if (model == null) {
            throw new IllegalArgumentException(partition.toString());
        }
        return model;
    }

    /** Asks without waiting. */
    void ask(StorageRequest request) {
        model(request.partition()).ask(request);
        node.handle(SESSION, request);
    }

    /** Waits for everything, noting what has been answered even if the machine stops meanwhile. */
    void settle() {
        try {
            node.settle();
        } finally {
            noteAnswers();
        }
    }

    void noteAnswers() {
        for (StorageAnswer answer : node.takeAnswers()) {
            model(answer.partition()).answer(answer);
        }
    }

    void tick(long millis) {
        try {
            node.tick(millis);
        } finally {
            noteAnswers();
        }
    }

    void append(PartitionId partition, int epoch, int count, int size) {
        for (int i = 0; i < count; i++) {
            long end = model(partition).last().end();
            String value = "%d:%d:%s".formatted(end, epoch, "z".repeat(size));
            ask(
                    new StorageRequest.Append(
                            partition,
                            epoch,
                            Frames.builder(partition, end, epoch, 5, value, value)
                                    .producer(40 + i % 3, epoch, (int) end)
                                    .stamp(),
                            highWatermark));
        }
    }

    void assign(PartitionId partition, int epoch, ReplicaSettings settings, boolean keepLog) {
        ask(
                new StorageRequest.Assign(
                        partition, epoch, Incarnation.of(epoch, 1), settings, keepLog));
        settle();
    }

    void fence(PartitionId partition, int epoch) {
        ask(new StorageRequest.Fence(partition, epoch));
        settle();
    }

    void reconcile(PartitionId partition, int epoch, int incarnationEpoch, long end) {
        ask(
                new StorageRequest.Reconcile(
                        partition, epoch, Incarnation.of(incarnationEpoch, 1), end));
        settle();
    }

    /** Lives the whole life, or until the machine stops. */
    void run() {
        assign(P0, 1, FSYNC, false);
        assign(P1, 1, PAGE_CACHE, false);
        assign(P2, 1, FSYNC, false);
        reconcile(P0, 1, 1, 0);
        reconcile(P1, 1, 1, 0);
        reconcile(P2, 1, 1, 0);
        append(P0, 1, 6, 300);
        append(P1, 1, 6, 300);
        settle();
        append(P0, 1, 3, 10);
        append(P2, 1, 3, 200);
        settle();
        tick(60);
        // A cut within a segment and one across segments, with appends in its place.
        fence(P0, 2);
        reconcile(P0, 2, 1, 14);
        append(P0, 2, 4, 400);
        fence(P1, 2);
        settle();
        reconcile(P1, 2, 1, 8);
        append(P1, 2, 5, 350);
        settle();
        tick(150);
        fence(P2, 2);
        ask(
                new StorageRequest.TruncateFullyAndStartAt(
                        P2, 2, Incarnation.of(1, 1), 50, KnownProducers.NOBODY));
        settle();
        append(P2, 2, 3, 100);
        append(P0, 2, 2, 50);
        settle();
        // A checkpoint while appends go on.
        node.now += 6_000;
        node.engine.tick(
                NodeTime.of(node.now),
                (session, answer) -> model(answer.partition()).answer(answer));
        append(P0, 2, 2, 60);
        settle();
        append(P1, 2, 2, 60);
        settle();
        fence(P0, 3);
        reconcile(P0, 3, 1, 16);
        append(P0, 3, 2, 500);
        settle();
        ask(new StorageRequest.Configure(P1, 2, FSYNC));
        append(P1, 2, 4, 300);
        settle();
        assign(P2, 3, FSYNC, false);
        reconcile(P2, 3, 3, 0);
        append(P2, 3, 2, 30);
        assign(P0, 4, LITTLE, true);
        reconcile(P0, 4, 4, model(P0).last().end());
        highWatermark = model(P0).last().end();
        append(P0, 4, 8, 400);
        settle();
        tick(6_000);
        append(P0, 4, 2, 40);
        ask(new StorageRequest.AdvanceHighWatermark(P0, 4, model(P0).last().end()));
        settle();
        tick(300);
        tick(300);
        append(P0, 4, 1, 40);
        ask(new StorageRequest.Delete(P2, 3));
        settle();
        append(P1, 2, 1, 40);
        settle();
        tick(60);
    }
}
