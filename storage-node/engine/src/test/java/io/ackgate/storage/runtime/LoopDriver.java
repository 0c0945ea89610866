package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.StorageEngine;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running loop with one session, and what it answers. */
final class LoopDriver implements AutoCloseable {
    static final TopicId TOPIC = new TopicId(1, 2);
    private static final StreamSession SESSION = new StreamSession(1, 1);
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private final LinkedBlockingQueue<StorageAnswer> answers = new LinkedBlockingQueue<>();
    private final EngineLoop loop;

    /** A group without records is no longer than this, and one with records is longer. */
    private static final long VOUCHER_BYTES = 64;

    private volatile long lastSyncBytes;
    private volatile @Nullable Thread appendedBy;
    private volatile @Nullable Thread answeredBy;

    LoopDriver(Disk disk) throws Exception {
        StorageEngine engine =
                StorageEngine.open(
                        disk, EngineSettings.SMALL, new Boot("b"), System.currentTimeMillis());
        loop =
                new EngineLoop(
                                "test",
                                engine,
                                System::currentTimeMillis,
                                (session, some) -> {
                                    answeredBy = Thread.currentThread();
                                    answers.addAll(some);
                                },
                                new LoopObserver() {
                                    @Override
                                    public void appended(int bytes) {
                                        appendedBy = Thread.currentThread();
                                    }

                                    @Override
                                    public void synced(long nanos, long bytes) {
                                        lastSyncBytes = bytes;
                                    }
                                })
                        .start();
    }

    EngineLoop loop() {
        return loop;
    }

    /** The thread that took the last append. */
    @Nullable Thread appendedBy() {
        return appendedBy;
    }

    /** The thread that gave the last answers. */
    @Nullable Thread answeredBy() {
        return answeredBy;
    }

    /** The next answer, within 30 s. */
    StorageAnswer next() throws InterruptedException {
        StorageAnswer answer = answers.poll(30, TimeUnit.SECONDS);
        assertNotNull(answer, "no answer in time");
        return answer;
    }

    /** A new replica that takes appends. */
    PartitionId ready(int index, Durability durability) throws InterruptedException {
        PartitionId partition = new PartitionId(TOPIC, index);
        ReplicaSettings settings =
                new ReplicaSettings(durability, 4096, 604_800_000, -1, -1, 86_400_000);
        loop.submit(SESSION, new StorageRequest.Assign(partition, 1, FIRST, settings, false));
        loop.submit(SESSION, new StorageRequest.Reconcile(partition, 1, FIRST, 0));
        assertInstanceOf(StorageAnswer.Fenced.class, next());
        assertInstanceOf(StorageAnswer.Reconciled.class, next());
        return partition;
    }

    /**
     * Waits until nothing is under way and the journal has vouched for its end: what is synced from
     * now on is what the test brings.
     */
    void untilQuiet() throws Exception {
        while (lastSyncBytes > VOUCHER_BYTES
                || !loop.ask(StorageEngine::idle).get(30, TimeUnit.SECONDS)) {
            Thread.onSpinWait();
        }
    }

    void append(PartitionId partition, long offset) {
        ByteBuffer frame = frame(partition, offset);
        loop.submit(SESSION, new StorageRequest.Append(partition, 1, frame, 0));
    }

    StorageAnswer.Appended appended(PartitionId partition, long logEnd) {
        return new StorageAnswer.Appended(partition, 1, FIRST, logEnd);
    }

    private static ByteBuffer frame(PartitionId partition, long offset) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 10, 1 << 12);
        builder.append(1, null, new byte[200]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(
                frame, TOPIC.high(), TOPIC.low(), partition.partition(), offset, 1, 6);
        return frame;
    }

    @Override
    public void close() {
        loop.close();
    }
}
