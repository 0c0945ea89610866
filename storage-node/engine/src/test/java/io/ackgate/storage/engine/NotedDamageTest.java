package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.checkpoint.Checkpoint;
import io.ackgate.storage.checkpoint.CheckpointFile;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start of the node knows of the damage that was known before it. */
class NotedDamageTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int FRAMES = 11;

    private EngineDriver node;

    @BeforeEach
    void a_read_has_come_to_a_bit_that_has_turned_over() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < FRAMES; i++) {
            node.append(P0, 1, Frames.of(P0, i, 1, "v" + "w".repeat(500)));
        }
        node.tick(6_000);
        node.tick(60);
        flip();
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 1).status());
        node.now += 50;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        sync();
    }

    /** Nothing is scrubbed. */
    private void sync() {
        Sync sync = node.engine.beginSync();
        while (sync != null) {
            sync.run();
            node.engine.syncDone(sync, node.now, (session, answer) -> {});
            sync = node.engine.beginSync();
        }
    }

    private void flip() throws Exception {
        String first =
                node.disk.files().stream()
                        .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
        node.disk.flipBit(first, 900 * 8L);
    }

    private void checkpoint() {
        node.tick(6_000);
        node.tick(60);
    }

    private void start() throws Exception {
        node.disk.closeHandles();
        node = node.reopen("boot-1");
    }

    private List<StorageAnswer> toldInFrontOfReconciled(
            int epoch, Incarnation incarnation, long end) {
        node.fence(epoch);
        return node.toldInFrontOfReconciled(SESSION, epoch, incarnation, end);
    }

    private void requireToldOf(int epoch) {
        List<StorageAnswer> told = toldInFrontOfReconciled(epoch, FIRST, FRAMES);
        assertEquals(1, told.size(), told.toString());
        StorageAnswer.Damaged damaged =
                assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
        assertEquals(FIRST, damaged.incarnation());
        assertEquals(Fault.CORRUPT, damaged.fault());
        assertTrue(damaged.detail().contains("before the node was started"), damaged.detail());
    }

    @Test
    void the_next_owner_is_told_in_front_of_the_answer_to_its_reconcile() throws Exception {
        start();
        assertEquals(1, node.engine.scrub().rottenReplicas());
        requireToldOf(2);
    }

    /** Retention takes all but the last segments; nothing is scrubbed meanwhile. */
    private void retentionPassesIt() {
        var keepsLittle =
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 2_000, 86_400_000);
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, FRAMES));
        node.handle(SESSION, new StorageRequest.Configure(P0, 1, keepsLittle));
        sync();
        for (int i = 0; i < 8; i++) {
            node.now += 60_000;
            node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
            sync();
        }
        assertTrue(Objects.requireNonNull(node.engine.describe(P0)).logStart() > 2);
    }

    @Test
    void what_retention_has_passed_is_not_lost_if_there_is_nothing_behind_it() throws Exception {
        retentionPassesIt();
        assertEquals(1, node.engine.scrub().rottenReplicas(), "the read did not look further");
        node.tick(50);
        node.tick(50);
        assertEquals(0, node.engine.scrub().rottenReplicas());
        assertEquals(List.of(), toldInFrontOfReconciled(2, FIRST, FRAMES));
    }

    @Test
    void what_retention_has_passed_says_nothing_of_what_is_left() throws Exception {
        String last =
                node.disk.files().stream()
                        .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                        .sorted()
                        .toList()
                        .getLast();
        node.disk.flipBit(last, 900 * 8L);
        retentionPassesIt();
        start();
        requireToldOf(2);
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        assertEquals(List.of(), node.takeAnswers(), "there is more that is lost");
        assertEquals(1, node.engine.scrub().rottenReplicas());
    }

    @Test
    void also_after_checkpoints_and_further_starts() throws Exception {
        start();
        node.close();
        start();
        start();
        requireToldOf(2);
        Checkpoint checkpoint = Objects.requireNonNull(CheckpointFile.read(node.disk));
        ReplicaEntry entry = checkpoint.replicas().getFirst();
        assertEquals(new ReplicaEntry.Damage(Fault.CORRUPT, 2), entry.damage());
    }

    @Test
    void what_is_found_whole_is_no_damage_for_the_next_start() throws Exception {
        flip();
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        assertEquals(0, node.engine.scrub().rottenReplicas());
        start();
        assertEquals(List.of(), toldInFrontOfReconciled(2, FIRST, FRAMES));
    }

    @Test
    void a_start_takes_it_back_when_it_has_looked_at_all_of_the_log() throws Exception {
        flip();
        start();
        requireToldOf(2);
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        assertEquals(List.of(new StorageAnswer.Whole(P0, 2, FIRST)), node.takeAnswers());
    }

    @Test
    void another_log_of_the_replica_is_whole() throws Exception {
        Incarnation second = Incarnation.of(2, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 2, second, FSYNC, false));
        start();
        assertEquals(List.of(), toldInFrontOfReconciled(3, second, 0));
    }

    @Test
    void and_so_it_is_by_a_checkpoint() throws Exception {
        Incarnation second = Incarnation.of(2, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 2, second, FSYNC, false));
        checkpoint();
        start();
        assertEquals(List.of(), toldInFrontOfReconciled(3, second, 0));
    }

    @Test
    void a_log_that_is_kept_under_another_name_is_as_damaged_as_before() throws Exception {
        Incarnation second = Incarnation.of(2, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 2, second, FSYNC, true));
        start();
        assertInstanceOf(
                StorageAnswer.Damaged.class, toldInFrontOfReconciled(3, second, FRAMES).getFirst());
    }
}
