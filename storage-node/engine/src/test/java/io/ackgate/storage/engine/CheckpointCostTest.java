package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.TOPIC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.disk.simulated.CountingDisk;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a checkpoint costs: one sync for each log that was written, and nothing for its names. */
class CheckpointCostTest {
    private static final int PARTITIONS = 20;

    private static void appendToAll(EngineDriver node, long offset) throws Exception {
        for (int i = 0; i < PARTITIONS; i++) {
            PartitionId partition = new PartitionId(TOPIC, i);
            node.append(
                    partition,
                    1,
                    Frames.builder(partition, offset, 1, 5, "a" + offset)
                            .producer(7, 0, (int) offset)
                            .stamp());
        }
    }

    /** The paths below the partitions' directory. */
    private static List<String> ofLogs(List<String> paths) {
        return paths.stream().filter(path -> path.startsWith(EngineContext.PARTITIONS)).toList();
    }

    @Test
    void a_log_that_was_written_is_synced_once_and_its_directory_only_for_new_names()
            throws Exception {
        SimDisk disk = new SimDisk();
        CountingDisk counting = new CountingDisk(disk);
        EngineDriver node = new EngineDriver(disk, counting, "boot-1");
        for (int i = 0; i < PARTITIONS; i++) {
            node.ready(new PartitionId(TOPIC, i), 1, FSYNC);
        }
        appendToAll(node, 0);
        counting.reset();
        node.tick(6_000);
        assertEquals(PARTITIONS, ofLogs(counting.syncs()).size());
        assertEquals(PARTITIONS, ofLogs(counting.directorySyncs()).size(), "of new segments");

        node.tick(60);
        appendToAll(node, 1);
        counting.reset();
        node.tick(6_000);
        assertEquals(PARTITIONS, ofLogs(counting.syncs()).size());
        assertEquals(PARTITIONS, new HashSet<>(ofLogs(counting.syncs())).size());
        assertEquals(List.of(), ofLogs(counting.directorySyncs()));
        assertEquals(List.of(), ofLogs(counting.names()), "no file is made for a checkpoint");

        node.tick(60);
        counting.reset();
        node.tick(6_000);
        assertEquals(List.of(), ofLogs(counting.syncs()), "nothing was written since");
    }

    @Test
    void the_producers_of_a_checkpoint_are_there_after_a_loss_of_power() throws Exception {
        EngineDriver node = new EngineDriver();
        for (int i = 0; i < PARTITIONS; i++) {
            node.ready(new PartitionId(TOPIC, i), 1, FSYNC);
        }
        for (int offset = 0; offset < 3; offset++) {
            appendToAll(node, offset);
            node.tick(6_000);
            node.tick(60);
        }
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        for (int i = 0; i < PARTITIONS; i++) {
            ReplicaStatus status = node.engine.describe(new PartitionId(TOPIC, i));
            assertEquals(3, status == null ? -1 : status.logEnd());
            assertEquals(1, status == null ? -1 : status.producers());
        }
    }
}
