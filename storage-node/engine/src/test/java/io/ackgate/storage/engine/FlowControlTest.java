package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.junit.jupiter.api.Test;

/** What a request holds in memory counts until its sync, and how much gathers is bounded. */
class FlowControlTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int MAX_FRAME_BYTES = EngineSettings.SMALL.maxFrameBytes();

    private int settled;

    private void append(EngineDriver node, PartitionId partition, long offset) {
        StorageRequest append =
                new StorageRequest.Append(
                        partition,
                        1,
                        Frames.of(partition, offset, 1, "a" + offset + "v".repeat(1_000)),
                        0);
        node.handle(SESSION, append, () -> settled++);
        node.engine.flush(node.now, (session, answer) -> node.answers.add(answer));
    }

    @Test
    void a_request_counts_until_its_sync_is_done() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        append(node, P0, 0);
        assertEquals(0, settled);
        Sync sync = node.engine.beginSync();
        assertNotNull(sync);
        append(node, P0, 1);
        sync.run();
        assertEquals(0, settled);
        node.engine.syncDone(sync, node.now, (session, answer) -> {});
        assertEquals(1, settled);
        node.settle();
        assertEquals(2, settled);
    }

    @Test
    void what_waits_for_no_sync_is_settled_at_once() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P1, 1, PAGE_CACHE);
        append(node, P1, 0);
        assertEquals(1, settled);
    }

    @Test
    void while_the_disk_stands_still_little_gathers_and_nothing_is_lost() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.takeAnswers();
        append(node, P0, 0);
        Sync standing = node.engine.beginSync();
        assertNotNull(standing);
        int bound = EngineSettings.SMALL.journal().groupBytes() + MAX_FRAME_BYTES;
        for (int i = 1; i < 100; i++) {
            append(node, P0, i);
            assertTrue(node.engine.journal().gatheredBytes() <= bound, "gathered without bound");
        }
        assertEquals(0, settled, "all that waits counts");
        assertEquals(0, node.takeAnswers().size());
        standing.run();
        node.engine.syncDone(standing, node.now, (session, answer) -> {});
        node.settle();
        assertEquals(100, settled);
        assertEquals(new StorageAnswer.Appended(P0, 1, FIRST, 100), node.takeAnswers().getLast());
    }

    @Test
    void what_a_sync_that_failed_held_is_settled() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        append(node, P0, 0);
        node.disk.failSyncs("journal");
        node.settle();
        assertEquals(1, settled);
    }

    @Test
    void what_waits_for_a_change_is_settled_with_the_end_of_its_session() throws Exception {
        EngineDriver node = new EngineDriver();
        node.handle(SESSION, new StorageRequest.Assign(P0, 1, FIRST, FSYNC, false));
        append(node, P0, 0);
        assertEquals(0, settled, "the log is being created");
        node.engine.sessionClosed(SESSION);
        assertEquals(1, settled);
    }
}
