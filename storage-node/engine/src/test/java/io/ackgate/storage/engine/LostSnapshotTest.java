package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot of the producers that is lost costs a replay, and never retention. */
class LostSnapshotTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int SEGMENT_BYTES = 2_048;
    private static final ReplicaSettings THREE_SEGMENTS =
            new ReplicaSettings(
                    Durability.FSYNC, SEGMENT_BYTES, 1L << 40, -1, 3 * SEGMENT_BYTES, 1L << 40);
    private static final ReplicaSettings FOR_EVER =
            new ReplicaSettings(Durability.FSYNC, SEGMENT_BYTES, 1L << 40, -1, -1, 1L << 40);

    private static void append(EngineDriver node, int epoch, int from, int to) {
        for (int i = from; i < to; i++) {
            node.append(
                    P0,
                    epoch,
                    Frames.builder(P0, i, epoch, 5, "a" + i + "v".repeat(400))
                            .producer(5, 0, i)
                            .stamp());
        }
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, epoch, to));
    }

    private static ReplicaStatus status(EngineDriver node) {
        ReplicaStatus status = node.engine.describe(P0);
        assertNotNull(status);
        return status;
    }

    private static List<String> snapshots(EngineDriver node) {
        return node.disk.files().stream()
                .filter(path -> path.contains(P0 + ".") && path.endsWith(".producers"))
                .toList();
    }

    private void retentionGoesOnWithout(Loss loss) throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FOR_EVER);
        append(node, 1, 0, 40);
        node.tick(6_000);
        node.tick(60);
        List<String> written = snapshots(node);
        assertTrue(written.size() > 5, "one for each segment: " + written);
        node.close();
        node.disk.closeHandles();
        for (String path : written) {
            loss.of(node, path);
        }
        node = node.reopen("boot-1");
        assertEquals(List.of(), node.engine.notes());
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 40);
        node.ask(SESSION, new StorageRequest.Configure(P0, 2, THREE_SEGMENTS));
        append(node, 2, 40, 60);
        for (int i = 0; i < 4; i++) {
            node.tick(6_000);
        }
        long kept = status(node).bytes();
        assertTrue(
                kept < 5 * SEGMENT_BYTES,
                "log start %d, %d bytes".formatted(status(node).logStart(), kept));
        assertEquals(1, RetentionTest.producers(node, 2).size());
    }

    /** What becomes of a snapshot while its node does not run. */
    private interface Loss {
        void of(EngineDriver node, String path) throws Exception;
    }

    @Test
    void retention_goes_on_when_snapshots_are_gone() throws Exception {
        retentionGoesOnWithout((node, path) -> node.disk.delete(path));
    }

    @Test
    void retention_goes_on_when_snapshots_are_damaged() throws Exception {
        retentionGoesOnWithout((node, path) -> node.disk.flipBit(path, 8 * 20));
    }
}
