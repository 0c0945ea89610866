package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.log.ReadPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Two logs, of which a checkpoint has some batches and the journal has more; one gets in doubt. */
abstract class DoubtfulLogs {
    static final Incarnation FIRST = Incarnation.of(1, 1);
    static final String CHECKPOINTED = "a checkpoint has been made";

    EngineDriver node;
    List<String> acknowledged;

    /** Four batches of each that a checkpoint has, and more of them that it has not. */
    @BeforeEach
    void two_replicas() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        append(0, 4);
        checkpoint();
        append(4, 14);
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 14));
        node.tick(200);
        acknowledged = held(P0);
        assertEquals(14, acknowledged.size());
    }

    void append(int from, int to) {
        for (int i = from; i < to; i++) {
            assertInstanceOf(
                    StorageAnswer.Appended.class, node.append(i, 1, "a" + i + "v".repeat(300)));
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i));
        }
    }

    void checkpoint() {
        for (int i = 0; i < 3; i++) {
            node.tick(6_000);
            node.tick(60);
        }
    }

    List<String> held(PartitionId partition) throws Exception {
        List<String> held = new ArrayList<>();
        long next = 0;
        while (true) {
            ReadPlan.Result read = node.engine.inspect(partition, next, 1 << 20);
            assertNotNull(read, node.engine.notes().toString());
            if (!read.frames().hasRemaining()) {
                return held;
            }
            held.addAll(Frames.identities(read.frames()));
            next = EngineDriver.lastOffset(read.frames()) + 1;
        }
    }

    List<String> paths(PartitionId partition, String suffix) {
        String directory = "/" + partition + ".";
        return node.disk.files().stream()
                .filter(path -> path.contains(directory) && path.endsWith(suffix))
                .toList();
    }

    String lastSegment() {
        return paths(P0, ".log").getLast();
    }

    void aSegmentCannotBeSynced() {
        node.disk.failSyncs(lastSegment());
        node.tick(6_000);
        node.tick(60);
        assertInstanceOf(StorageAnswer.Faulty.class, node.fence(2));
    }

    void requireAllAfterPowerLoss(String where) throws Exception {
        node.disk.failSyncs(null);
        node.disk.losePower(0);
        requireAll(where);
    }

    void requireAll(String where) throws Exception {
        node = node.reopen("boot-2");
        assertEquals(acknowledged, held(P0).subList(0, 14), where);
        StorageAnswer.Fenced fenced =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(9), where);
        assertEquals(Incarnation.NONE, fenced.incarnation(), "and counts for nothing else");
        assertEquals(List.of(), paths(P0, ".tail"), "what was copied is in the segments");
        assertEquals(14, held(P1).size(), where);
    }
}
