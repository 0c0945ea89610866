package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.simulated.HeldSyncs;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.StorageEngine;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that has many logs to sync does not sync one after the other. */
class RecoverySyncsTest {
    private static final int AT_A_TIME = 8;

    @TempDir Path directory;

    @Test
    void logs_are_synced_side_by_side_a_few_at_a_time() throws Exception {
        LoopDriver node = new LoopDriver(new HeldSyncs(directory, "partitions").disk());
        for (int i = 0; i < AT_A_TIME + 1; i++) {
            PartitionId partition = node.ready(i, Durability.FSYNC);
            node.append(partition, 0);
            assertEquals(node.appended(partition, 1), node.next());
        }
        node.loop().kill();
        HeldSyncs disk = new HeldSyncs(directory, "partitions");
        disk.hold();
        CompletableFuture<StorageEngine> start =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return StorageEngine.open(
                                        disk.disk(),
                                        EngineSettings.SMALL,
                                        new Boot("b"),
                                        System.currentTimeMillis());
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Set<Thread> syncing = new HashSet<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            Thread thread = disk.next();
            assertNotNull(thread, i + " logs are synced side by side");
            syncing.add(thread);
        }
        assertEquals(AT_A_TIME, syncing.size());
        assertTrue(disk.noneBegun(), "no more than " + AT_A_TIME + " at a time");
        disk.release();
        assertEquals(AT_A_TIME + 1, start.get(30, TimeUnit.SECONDS).describe().size());
    }
}
