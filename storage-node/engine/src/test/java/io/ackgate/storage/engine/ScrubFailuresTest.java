package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs that cannot be read at their turn, or change at it: what else there is is looked at. */
class ScrubFailuresTest {
    private static final int HOUR_MILLIS = 3_600_000;
    private static final ScrubSettings HOURLY = new ScrubSettings(256 << 10, HOUR_MILLIS, 700);
    private static final int FRAMES = 11;

    private EngineDriver node;

    @BeforeEach
    void write() throws Exception {
        write(HOURLY);
    }

    /** Two replicas, each with three segments that are closed and one that grows, all synced. */
    private void write(ScrubSettings scrub) throws Exception {
        node = new EngineDriver(EngineDriver.scrubbed(scrub));
        for (PartitionId partition : List.of(P0, P1)) {
            node.ready(partition, 1, FSYNC);
            for (int i = 0; i < FRAMES; i++) {
                node.append(partition, 1, Frames.of(partition, i, 1, "v" + "w".repeat(500)));
            }
        }
        node.tick(6_000);
        node.tick(60);
        assertEquals(4, segments().size());
    }

    private List<String> segments() {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                .sorted()
                .toList();
    }

    private void fail(Operation operation, int segment) {
        node.disk.faults().heal();
        node.disk.faults().fail(operation, segments().get(segment));
    }

    private void flip(int segment) throws Exception {
        node.disk.flipBit(segments().get(segment), 300 * 8L);
    }

    /** One round; what the owner is told in it. */
    private List<StorageAnswer> round() {
        long rounds = node.engine.scrub().rounds();
        node.takeAnswers();
        node.tick(HOUR_MILLIS);
        List<StorageAnswer> told = rest();
        assertEquals(rounds + 1, node.engine.scrub().rounds());
        return told;
    }

    /** The rest of a round that has begun. */
    private List<StorageAnswer> rest() {
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        return node.takeAnswers();
    }

    private static StorageAnswer.Damaged only(List<StorageAnswer> told) {
        assertEquals(1, told.size(), told.toString());
        return assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
    }

    @Test
    void bytes_that_the_disk_does_not_give_hide_nothing_behind_them() throws Exception {
        fail(Operation.READ, 1);
        flip(2);
        assertEquals(Fault.CORRUPT, only(round()).fault());
        assertEquals(1, node.engine.scrub().failedReads());
    }

    @Test
    void the_owner_is_told_of_them_when_they_cannot_be_read_in_two_rounds() {
        fail(Operation.READ, 1);
        assertEquals(List.of(), round(), "it may pass");
        assertEquals(0, node.engine.scrub().rottenReplicas());
        StorageAnswer.Damaged damaged = only(round());
        assertEquals(Fault.IO_ERROR, damaged.fault());
        assertEquals(P0, damaged.partition());
        assertTrue(damaged.detail().contains(segments().get(1)), damaged.detail());
        assertEquals(List.of(), round(), "it knows");
        assertEquals(ReadStatus.OK, node.readOnce(P0, 1, 8).status(), "all else is in use");
    }

    private static StorageAnswer.Whole whole(int epoch) {
        return new StorageAnswer.Whole(P0, epoch, Incarnation.of(1, 1));
    }

    /**
     * The owner's stream breaks, and it reconciles on the next one; what it is told in front of
     * that.
     */
    private List<StorageAnswer> reconcilesAgain() {
        node.engine.sessionClosed(SESSION);
        StreamSession next = new StreamSession(SESSION.gateway(), SESSION.stream() + 1);
        node.ask(next, new StorageRequest.Fence(P0, 1));
        return node.toldInFrontOfReconciled(next, 1, Incarnation.of(1, 1), FRAMES);
    }

    private void cannotBeRead() {
        fail(Operation.READ, 1);
        round();
        only(round());
    }

    @Test
    void the_owner_is_told_once_when_they_can_be_read_again() {
        cannotBeRead();
        node.disk.faults().heal();
        assertEquals(List.of(whole(1)), round());
        assertEquals(0, node.engine.scrub().rottenReplicas());
        assertEquals(List.of(), round(), "it knows");
    }

    @Test
    void what_was_lost_and_retention_has_taken_makes_no_log_damaged() throws Exception {
        flip(0);
        only(round());
        ReplicaSettings small =
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 2_000, 86_400_000);
        node.ask(SESSION, new StorageRequest.Configure(P0, 1, small));
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, FRAMES));
        assertTrue(round().contains(whole(1)));
    }

    @Test
    void the_owner_is_told_on_its_next_stream_too() {
        cannotBeRead();
        node.disk.faults().heal();
        assertEquals(List.of(whole(1)), round());
        assertEquals(List.of(), reconcilesAgain());
        assertEquals(List.of(whole(1)), rest(), "what was told on the other may not have come");
        assertEquals(List.of(), round());
    }

    @Test
    void an_owner_that_was_never_told_of_the_damage_hears_nothing_of_its_end() {
        cannotBeRead();
        node.fence(2);
        node.disk.faults().heal();
        round();
        node.reconcile(P0, 2, Incarnation.of(1, 1), FRAMES);
        assertEquals(List.of(), rest());
        assertEquals(List.of(), round());
    }

    @Test
    void a_log_that_is_damaged_once_more_is_told_of_once_more() throws Exception {
        cannotBeRead();
        node.disk.faults().heal();
        assertEquals(List.of(whole(1)), round());
        fail(Operation.READ, 1);
        assertEquals(List.of(), round());
        assertEquals(Fault.IO_ERROR, only(round()).fault());
        assertEquals(Fault.IO_ERROR, only(reconcilesAgain()).fault(), "not what held before");
        node.disk.faults().heal();
        assertEquals(List.of(whole(1)), round());
    }

    @Test
    void one_segment_that_fails_after_the_other_is_no_loss() {
        fail(Operation.READ, 1);
        assertEquals(List.of(), round());
        fail(Operation.READ, 2);
        assertEquals(List.of(), round());
        node.disk.faults().heal();
        assertEquals(List.of(), round());
        fail(Operation.READ, 2);
        assertEquals(List.of(), round());
        assertEquals(0, node.engine.scrub().rotFound());
    }

    @Test
    void what_cannot_be_opened_now_is_not_called_anything() {
        node.disk.faults().fail(Operation.REOPEN, ".log");
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), round());
        }
        assertEquals(12, node.engine.scrub().failedReads(), "each log twice in a round");
        assertEquals(0, node.engine.scrub().rotFound());
        node.disk.faults().heal();
        assertEquals(List.of(), round());
        assertEquals(12, node.engine.scrub().failedReads());
    }

    @Test
    void a_log_that_could_not_be_opened_is_looked_at_once_more_at_the_end() throws Exception {
        flip(1);
        node.disk.faults().fail(Operation.REOPEN, "/" + P0 + ".");
        node.tick(HOUR_MILLIS);
        while (node.engine.scrub().failedReads() == 0) {
            node.tick(50);
        }
        node.disk.faults().heal();
        assertEquals(Fault.CORRUPT, only(rest()).fault());
        assertEquals(1, node.engine.scrub().failedReads());
    }

    @Test
    void and_so_is_one_that_was_changing_at_its_turn() throws Exception {
        flip(1);
        node.fence(2);
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, Incarnation.of(1, 1), FRAMES - 1));
        node.takeAnswers();
        node.now += HOUR_MILLIS;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        Lookup piece = node.engine.beginScrub();
        while (piece != null) {
            piece.run();
            node.engine.lookupDone(piece, (session, answer) -> {});
            piece = node.engine.beginScrub();
        }
        node.settle();
        assertInstanceOf(StorageAnswer.Reconciled.class, node.takeAnswers().getFirst());
        assertEquals(2, only(rest()).epoch());
    }

    /** What goes over the first segments of P0, and not to its end. */
    private void aPassIsUnderWay() {
        node.now += HOUR_MILLIS;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        for (int i = 0; i < 3; i++) {
            Lookup piece = Objects.requireNonNull(node.engine.beginScrub());
            piece.run();
            node.engine.lookupDone(piece, (session, answer) -> {});
        }
    }

    private void isReadCorrupt() {
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 0).status());
    }

    @Test
    void what_a_read_came_to_behind_a_pass_is_not_taken_back_by_it() throws Exception {
        aPassIsUnderWay();
        flip(0);
        isReadCorrupt();
        assertEquals(1, node.engine.scrub().rottenReplicas());
        rest();
        assertEquals(1, node.engine.scrub().rottenReplicas());
        flip(0);
        assertEquals(List.of(whole(1)), round(), "another pass has looked at it since");
    }

    @Test
    void nor_is_what_a_read_came_to_once_more() throws Exception {
        flip(0);
        isReadCorrupt();
        flip(0);
        aPassIsUnderWay();
        flip(0);
        isReadCorrupt();
        assertEquals(1, node.engine.scrub().rottenReplicas());
        rest();
        assertEquals(1, node.engine.scrub().rottenReplicas());
    }

    @Test
    void each_attempt_costs_something() throws Exception {
        for (Operation operation : List.of(Operation.REOPEN, Operation.READ)) {
            write(new ScrubSettings(2_000, 100, 1_000));
            node.disk.faults().fail(operation, ".log");
            long before = node.engine.scrub().failedReads();
            for (int i = 0; i < 200; i++) {
                node.tick(50);
            }
            long attempts = node.engine.scrub().failedReads() - before;
            assertTrue(attempts > 5 && attempts <= 22, operation + ": " + attempts);
        }
    }
}
