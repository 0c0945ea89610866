package io.ackgate.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.journal.JournalSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start needs little memory, however many batches the journal holds since the checkpoint, and
 * however many logs hold large ones.
 */
class RecoveryMemoryTest {
    private static final PartitionId P = partition(0);
    private static final StreamSession SESSION = new StreamSession(1, 1);
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final EngineSettings NO_CHECKPOINTS =
            new EngineSettings(
                    JournalSettings.DEFAULTS,
                    1L << 40,
                    1L << 40,
                    1L << 40,
                    16 << 20,
                    1_000,
                    30_000,
                    32 << 10,
                    0,
                    ScrubSettings.DEFAULTS);
    private static final int AT_A_TIME = 20_000;
    private static final int LARGE_BYTES = 12 << 20;

    @TempDir Path directory;

    @Test
    void many_small_batches_fit_into_a_small_heap() throws Exception {
        starts(150_000, "-Xmx24m");
    }

    @Test
    @Tag("slow")
    void a_million_and_a_half_batches_fit_into_256_mebibytes() throws Exception {
        starts(1_500_000, "-Xmx256m");
    }

    /** All eight are open before the first of them is synced. */
    @Test
    void eight_logs_of_a_large_batch_each_need_the_memory_of_one_such_batch() throws Exception {
        assertEquals(0, child("-Xmx512m", "write-large", 8), "the writer");
        assertEquals(0, child("-Xmx72m", "open-large", 8), "the start");
    }

    private void starts(int batches, String heap) throws Exception {
        assertEquals(0, child("-Xmx512m", "write", batches), "the writer");
        assertEquals(0, child(heap, "open", batches), "the start");
    }

    private int child(String heap, String what, int batches) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                heap,
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RecoveryMemoryTest.class.getName(),
                                what,
                                directory.toString(),
                                Integer.toString(batches))
                        .inheritIO()
                        .start();
        assertTrue(process.waitFor(10, TimeUnit.MINUTES), "the child process takes too long");
        return process.exitValue();
    }

    /** The child process. */
    public static void main(String[] arguments) throws IOException {
        FileDisk disk = new FileDisk(Path.of(arguments[1]));
        int number = Integer.parseInt(arguments[2]);
        StorageEngine engine = StorageEngine.open(disk, NO_CHECKPOINTS, new Boot("b"), 1);
        switch (arguments[0]) {
            case "write" -> write(engine, number);
            case "write-large" -> writeLarge(engine, number);
            case "open" -> requireEnd(engine, P, number);
            case "open-large" -> {
                for (int i = 0; i < number; i++) {
                    requireEnd(engine, partition(i), 1);
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        // As a process that is killed: nothing is closed.
        Runtime.getRuntime().halt(0);
    }

    private static PartitionId partition(int index) {
        return new PartitionId(new TopicId(1, 2), index);
    }

    private static void requireEnd(StorageEngine engine, PartitionId partition, int end) {
        ReplicaStatus status = engine.describe(partition);
        if (status == null || status.logEnd() != end) {
            throw new IllegalStateException(status + " " + engine.notes());
        }
    }

    private static void writeLarge(StorageEngine engine, int logs) {
        for (int i = 0; i < logs; i++) {
            assign(engine, partition(i));
            append(engine, partition(i), frame(i, 0, LARGE_BYTES));
            settle(engine);
        }
    }

    private static void write(StorageEngine engine, int batches) {
        assign(engine, P);
        for (int i = 0; i < batches; i++) {
            append(engine, P, frame(0, i, 60));
            if (i % AT_A_TIME == AT_A_TIME - 1) {
                settle(engine);
            }
        }
        settle(engine);
    }

    private static void append(StorageEngine engine, PartitionId partition, ByteBuffer frame) {
        StorageRequest append = new StorageRequest.Append(partition, 1, frame, 0);
        engine.step(new EngineInput.Request(SESSION, append, () -> {}), 1, effect -> {});
    }

    private static void assign(StorageEngine engine, PartitionId partition) {
        ReplicaSettings settings =
                new ReplicaSettings(Durability.FSYNC, 128 << 20, 604_800_000, -1, -1, 86_400_000);
        for (StorageRequest request :
                List.of(
                        new StorageRequest.Assign(partition, 1, FIRST, settings, false),
                        new StorageRequest.Reconcile(partition, 1, FIRST, 0))) {
            engine.step(new EngineInput.Request(SESSION, request, () -> {}), 1, effect -> {});
            settle(engine);
        }
    }

    private static ByteBuffer frame(int partition, long offset, int bytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, bytes + (1 << 12));
        builder.append(1, null, new byte[bytes]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, partition, offset, 1, 1);
        return frame;
    }

    private static void settle(StorageEngine engine) {
        boolean more = true;
        while (more) {
            engine.flush(1, (session, answer) -> {});
            Sync sync = engine.beginSync();
            if (sync != null) {
                sync.run();
                engine.syncDone(sync, 1, (session, answer) -> {});
            }
            BackgroundWork backgroundWork = engine.beginBackgroundWork();
            if (backgroundWork != null) {
                backgroundWork.run();
                engine.backgroundWorkDone(backgroundWork, 1, (session, answer) -> {});
            }
            more = sync != null || backgroundWork != null;
        }
    }
}
