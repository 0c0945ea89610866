package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes are lost where a cut, or a batch that comes again, has to be looked for. */
class DamagedCutTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int FRAMES = 11;

    private EngineDriver node;

    /** The head of the batch before the last one is damaged. */
    @BeforeEach
    void write() throws Exception {
        node = new EngineDriver(indexEntryEach(1 << 20));
        fill();
    }

    private void fill() throws Exception {
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < FRAMES; i++) {
            node.append(P0, 1, frame(i));
        }
        node.tick(6_000);
        node.tick(60);
        String last =
                node.disk.files().stream()
                        .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                        .max(String::compareTo)
                        .orElseThrow();
        node.disk.flipBit(last, 20 * 8L);
        node.takeAnswers();
    }

    /** With many bytes, the way to a batch leads over all that stand before it in the segment. */
    private static EngineSettings indexEntryEach(int bytes) {
        EngineSettings small = EngineSettings.SMALL;
        return new EngineSettings(
                small.journal(),
                small.checkpointJournalBytes(),
                small.checkpointBatches(),
                small.checkpointIntervalMillis(),
                small.maxFrameBytes(),
                small.highWatermarkIntervalMillis(),
                small.retentionIntervalMillis(),
                bytes,
                small.reserveBytes(),
                new ScrubSettings(0, 3_600_000, 700));
    }

    private static ByteBuffer frame(int offset) {
        return Frames.of(P0, offset, 1, "v" + "w".repeat(500));
    }

    private void cannotBeCut() {
        node.fence(2);
        StorageAnswer.Faulty faulty =
                assertInstanceOf(
                        StorageAnswer.Faulty.class, node.reconcile(P0, 2, FIRST, FRAMES - 1));
        assertEquals(FIRST, faulty.incarnation());
        assertEquals(Fault.CORRUPT, faulty.fault());
    }

    @Test
    void the_owner_that_needs_the_cut_hears_that_the_log_is_faulty() {
        cannotBeCut();
        cannotBeCut();
    }

    @Test
    void the_log_stays_in_use() {
        cannotBeCut();
        staysInUse();
    }

    private void staysInUse() {
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(3));
        List<StorageAnswer> told = node.toldInFrontOfReconciled(SESSION, 3, FIRST, FRAMES);
        assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
        assertEquals(ReadStatus.OK, node.readOnce(P0, 3, 0).status());
        assertEquals(ReadStatus.OK, node.readOnce(P0, 3, FRAMES - 2 - 1).status());
    }

    @Test
    void damage_in_what_a_cut_would_leave_condemns_no_log() throws Exception {
        node = new EngineDriver(indexEntryEach(1));
        fill();
        cannotBeCut();
        staysInUse();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, node.fence(4));
        assertEquals(FRAMES, fenced.logEnd(), "nothing was cut");
        assertEquals(FIRST, fenced.incarnation());
    }

    @Test
    void a_batch_that_comes_again_behind_the_damage_condemns_no_log() {
        StorageAnswer.Refused refused =
                assertInstanceOf(
                        StorageAnswer.Refused.class, node.append(P0, 1, frame(FRAMES - 1)));
        assertEquals(Refusal.STORAGE_ERROR, refused.reason());
        node.tick(50);
        assertInstanceOf(StorageAnswer.Damaged.class, node.takeAnswers().getFirst());
        assertInstanceOf(StorageAnswer.Fenced.class, node.fence(2));
    }
}
