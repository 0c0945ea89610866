package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.disk.simulated.HeldSyncs;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.StorageEngine;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real loop on a real disk. */
class EngineLoopTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);
    private static final PartitionId OLD = new PartitionId(new TopicId(1, 2), 1);
    private static final StreamSession SESSION = new StreamSession(1, 1);
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    @TempDir Path directory;

    private final LinkedBlockingQueue<StorageAnswer> answers = new LinkedBlockingQueue<>();

    /** By how much the wall clock is wrong. */
    private final AtomicLong jumpMillis = new AtomicLong();

    private long wallMillis() {
        return System.currentTimeMillis() + jumpMillis.get();
    }

    private EngineLoop start() throws Exception {
        return start(new FileDisk(directory));
    }

    private EngineLoop start(FileDisk disk) throws Exception {
        StorageEngine engine =
                StorageEngine.open(
                        disk, EngineSettings.SMALL, new Boot("b"), System.currentTimeMillis());
        return new EngineLoop(
                        "test",
                        engine,
                        this::wallMillis,
                        (session, some) -> answers.addAll(some),
                        LoopObserver.NONE)
                .start();
    }

    private StorageAnswer next() throws InterruptedException {
        StorageAnswer answer = answers.poll(30, TimeUnit.SECONDS);
        assertNotNull(answer, "no answer in time");
        return answer;
    }

    private static ReplicaStatus status(EngineLoop loop) throws Exception {
        return status(loop, P);
    }

    private static ReplicaStatus status(EngineLoop loop, PartitionId partition) throws Exception {
        return loop.ask(engine -> Objects.requireNonNull(engine.describe(partition)))
                .get(30, TimeUnit.SECONDS);
    }

    private static ByteBuffer frame(PartitionId partition, long offset, long timestamp) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 10, 1 << 12);
        builder.append(timestamp, null, new byte[200]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, partition.partition(), offset, 1, 6);
        return frame;
    }

    private void appendAll(EngineLoop loop, int count) throws Exception {
        ReplicaSettings settings =
                new ReplicaSettings(Durability.FSYNC, 4096, 604_800_000, -1, -1, 86_400_000);
        appendAll(loop, P, count, settings, 1);
    }

    private void appendAll(
            EngineLoop loop,
            PartitionId partition,
            int count,
            ReplicaSettings settings,
            long timestamp)
            throws Exception {
        loop.submit(SESSION, new StorageRequest.Assign(partition, 1, FIRST, settings, false));
        loop.submit(SESSION, new StorageRequest.Reconcile(partition, 1, FIRST, 0));
        for (int i = 0; i < count; i++) {
            ByteBuffer frame = frame(partition, i, timestamp);
            loop.submit(SESSION, new StorageRequest.Append(partition, 1, frame, 0));
        }
        assertInstanceOf(StorageAnswer.Fenced.class, next());
        assertInstanceOf(StorageAnswer.Reconciled.class, next());
        long end = 0;
        int acks = 0;
        while (end < count) {
            StorageAnswer.Appended appended =
                    assertInstanceOf(StorageAnswer.Appended.class, next());
            assertTrue(appended.logEnd() > end, "acknowledgements ascend");
            end = appended.logEnd();
            acks++;
        }
        assertEquals(count, end);
        assertTrue(acks < count, "groups are committed, not single appends: " + acks);
    }

    @Test
    void everything_submitted_is_answered_in_order_and_there_after_a_clean_stop() throws Exception {
        try (EngineLoop loop = start()) {
            appendAll(loop, 500);
        }
        EngineLoop again = start();
        assertEquals(500, status(again).logEnd());
        again.close();
        assertTrue(
                again.ask(StorageEngine::describe).isCompletedExceptionally(),
                "nobody waits for an engine that has stopped");
    }

    @Test
    void a_jump_of_the_wall_clock_deletes_nothing() throws Exception {
        ReplicaSettings oneDay =
                new ReplicaSettings(
                        Durability.FSYNC, 4096, 604_800_000, 86_400_000, -1, 86_400_000);
        try (EngineLoop loop = start()) {
            long now = System.currentTimeMillis();
            appendAll(loop, P, 100, oneDay, now);
            appendAll(loop, OLD, 100, oneDay, now - 2 * 86_400_000);
            jumpMillis.set(8 * 86_400_000L);
            while (loop.ask(engine -> loop.clockJumpMillis()).get(30, TimeUnit.SECONDS) == 0) {
                Thread.onSpinWait();
            }
            loop.submit(SESSION, new StorageRequest.AdvanceHighWatermark(P, 1, 100));
            loop.submit(SESSION, new StorageRequest.AdvanceHighWatermark(OLD, 1, 100));
            while (status(loop, OLD).logStart() < 100) {
                Thread.onSpinWait();
            }
            // Both are looked at in one round, this one first.
            assertEquals(0, status(loop, P).logStart());
        }
    }

    @Test
    void what_was_acknowledged_is_there_after_a_kill() throws Exception {
        EngineLoop loop = start();
        appendAll(loop, 300);
        loop.kill();
        EngineLoop again = start();
        assertTrue(status(again).logEnd() >= 300);
        again.close();
    }

    @Test
    void a_worker_that_throws_what_no_disk_throws_ends_the_loop() throws Exception {
        EngineLoop loop = start();
        loop.submit(
                SESSION, new StorageRequest.Assign(P, 1, FIRST, ReplicaSettings.DEFAULTS, false));
        assertInstanceOf(StorageAnswer.Fenced.class, next());
        // The journal's files are there for those who have them open, and for nobody else.
        new FileDisk(directory).deleteRecursively("journal");
        loop.submit(SESSION, new StorageRequest.Fence(P, 2));
        java.util.concurrent.ExecutionException ended =
                org.junit.jupiter.api.Assertions.assertThrows(
                        java.util.concurrent.ExecutionException.class,
                        () -> loop.ended().toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertTrue(String.valueOf(ended.getMessage()).contains("data directory was deleted"));
        assertTrue(answers.isEmpty(), "nothing is promised: " + answers);
    }

    @Test
    void who_asks_while_the_last_sync_stands_still_is_told() throws Exception {
        HeldSyncs held = new HeldSyncs(directory, "journal");
        EngineLoop loop = start(held.disk());
        held.hold();
        loop.submit(
                SESSION, new StorageRequest.Assign(P, 1, FIRST, ReplicaSettings.DEFAULTS, false));
        assertNotNull(held.next(), "a sync stands still");
        Thread closing = Thread.ofPlatform().start(loop::close);
        boolean stopped = false;
        while (!stopped) {
            // Those that come before the engine has noticed are answered.
            stopped =
                    loop.ask(StorageEngine::failed)
                            .handle((answer, failure) -> failure != null)
                            .get(30, TimeUnit.SECONDS);
        }
        held.release();
        closing.join();
    }
}
