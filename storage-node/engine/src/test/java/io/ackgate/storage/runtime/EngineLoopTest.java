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
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.ReplicaStatus;
import io.ackgate.storage.engine.StorageEngine;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real loop on a real disk. */
class EngineLoopTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);
    private static final StreamSession SESSION = new StreamSession(1, 1);
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    @TempDir Path directory;

    private final LinkedBlockingQueue<StorageAnswer> answers = new LinkedBlockingQueue<>();

    private EngineLoop start() throws Exception {
        StorageEngine engine =
                StorageEngine.open(new FileDisk(directory), EngineSettings.SMALL, new Boot("b"), 1);
        return new EngineLoop(
                        "test",
                        engine,
                        System::currentTimeMillis,
                        1 << 20,
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
        List<ReplicaStatus> all = loop.ask(StorageEngine::describe).get(30, TimeUnit.SECONDS);
        assertEquals(1, all.size());
        return all.getFirst();
    }

    private static ByteBuffer frame(long offset) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 10, 1 << 12);
        builder.append(offset, null, new byte[200]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, offset, 1);
        return frame;
    }

    private void appendAll(EngineLoop loop, int count) throws Exception {
        ReplicaSettings settings = new ReplicaSettings(Durability.FSYNC, 4096, -1, -1, 86_400_000);
        loop.submit(SESSION, new StorageRequest.Assign(P, 1, FIRST, settings, false));
        loop.submit(SESSION, new StorageRequest.Join(P, 1, FIRST, 0));
        for (int i = 0; i < count; i++) {
            loop.submit(SESSION, new StorageRequest.Append(P, 1, frame(i), 0));
        }
        assertInstanceOf(StorageAnswer.Fenced.class, next());
        assertInstanceOf(StorageAnswer.Joined.class, next());
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
    void what_was_acknowledged_is_there_after_a_kill() throws Exception {
        EngineLoop loop = start();
        appendAll(loop, 300);
        loop.kill();
        EngineLoop again = start();
        assertTrue(status(again).logEnd() >= 300);
        again.close();
    }
}
