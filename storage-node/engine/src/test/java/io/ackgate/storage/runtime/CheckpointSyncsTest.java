package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.simulated.HeldSyncs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syncs of many logs stand side by side: the file system then makes one commit of several. */
class CheckpointSyncsTest {
    private static final int PARTITIONS = 8;

    @TempDir Path directory;

    private HeldSyncs disk;
    private LoopDriver node;
    private final List<PartitionId> partitions = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        disk = new HeldSyncs(directory, "partitions");
        node = new LoopDriver(disk.disk());
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(node.ready(i, Durability.FSYNC));
        }
        disk.hold();
    }

    @AfterEach
    void stop() {
        disk.release();
        node.close();
    }

    private void append(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            PartitionId partition = partitions.get(i % PARTITIONS);
            node.append(partition, i / PARTITIONS);
            assertEquals(node.appended(partition, i / PARTITIONS + 1), node.next());
        }
    }

    private void allAreSyncedAtOnce() throws Exception {
        Set<Thread> syncing = new HashSet<>();
        for (int i = 0; i < PARTITIONS; i++) {
            Thread thread = disk.next();
            assertNotNull(thread, i + " logs are synced side by side");
            syncing.add(thread);
        }
        assertEquals(PARTITIONS, syncing.size());
    }

    @Test
    void of_a_checkpoint_and_appends_go_on_beside() throws Exception {
        // Enough journal for a checkpoint, and not for a second one.
        append(64);
        allAreSyncedAtOnce();
        node.append(partitions.getFirst(), 64 / PARTITIONS);
        assertEquals(node.appended(partitions.getFirst(), 64 / PARTITIONS + 1), node.next());
    }

    @Test
    void of_a_stop_in_good_order() throws Exception {
        append(PARTITIONS);
        Thread stopping = new Thread(node::close);
        stopping.start();
        allAreSyncedAtOnce();
        disk.release();
        stopping.join();
    }
}
