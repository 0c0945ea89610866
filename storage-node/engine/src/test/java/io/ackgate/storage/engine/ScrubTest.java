package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.simulated.CountingDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rot is found before anybody needs the bytes, and nothing that is sound is taken for it. */
class ScrubTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final StreamSession OTHER = new StreamSession(8, 1);

    private EngineDriver node;

    /** Two replicas, each with three segments that are closed and one that grows, all synced. */
    @BeforeEach
    void write() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        for (int i = 0; i < 11; i++) {
            append(P0, i);
            append(P1, i);
        }
        assertEquals(List.of(), checkpoint());
        assertEquals(4, segments(P0).size());
    }

    private void append(PartitionId partition, int offset) {
        node.append(partition, 1, Frames.of(partition, offset, 1, "v" + "w".repeat(500)));
    }

    private List<StorageAnswer> checkpoint() {
        node.takeAnswers();
        node.tick(6_000);
        node.tick(60);
        return node.takeAnswers();
    }

    private List<String> segments(PartitionId partition) {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + partition + ".") && path.endsWith(".log"))
                .sorted()
                .toList();
    }

    private void flip(int segment, int at) throws Exception {
        node.disk.flipBit(segments(P0).get(segment), at * 8L);
    }

    /** Long enough for a round over everything. */
    private List<StorageAnswer> round() {
        node.takeAnswers();
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        return node.takeAnswers();
    }

    private void requireFound(List<StorageAnswer> told) {
        assertEquals(1, told.size(), told.toString());
        StorageAnswer.Damaged damaged =
                assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
        assertEquals(P0, damaged.partition());
        assertEquals(1, damaged.epoch());
        assertEquals(FIRST, damaged.incarnation());
        assertEquals(Fault.CORRUPT, damaged.fault());
        assertEquals(1, node.engine.scrub().rottenReplicas());
        assertEquals(1, node.engine.scrub().rotFound());
        assertTrue(String.valueOf(node.engine.takeNews()).contains("is rotten"));
    }

    @Test
    void what_is_sound_is_called_so_round_after_round() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), round());
        }
        ScrubStatus status = node.engine.scrub();
        assertTrue(status.rounds() >= 3, status.toString());
        assertEquals(0, status.rotFound());
        long bytes = 0;
        for (String path : segments(P0)) {
            bytes += 2L * node.disk.content(path).length;
        }
        assertTrue(status.bytesRead() >= 3 * bytes, status.toString());
    }

    @Test
    void a_bit_that_turned_over_in_a_closed_segment_is_told_to_the_owner() throws Exception {
        flip(1, 300);
        requireFound(round());
    }

    @Test
    void and_so_is_one_in_the_synced_part_of_the_segment_that_grows() throws Exception {
        flip(3, 900);
        requireFound(round());
    }

    @Test
    void and_a_segment_that_is_gone_or_too_short() throws Exception {
        node.disk.open(segments(P0).get(2)).truncate(100);
        requireFound(round());
    }

    @Test
    void and_batches_that_belong_elsewhere() throws Exception {
        byte[] foreign = node.disk.content(segments(P1).get(0));
        node.disk.open(segments(P0).get(0)).write(ByteBuffer.wrap(foreign), 0);
        requireFound(round());
    }

    @Test
    void and_a_batch_that_stands_in_the_place_of_the_next() throws Exception {
        String path = segments(P0).get(1);
        byte[] content = node.disk.content(path);
        int frame = content.length / 3;
        node.disk.open(path).write(ByteBuffer.wrap(content, frame, frame), 2L * frame);
        requireFound(round());
    }

    @Test
    void and_a_segment_of_which_the_file_is_gone() throws Exception {
        node.close();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.fence(1);
        node.reconcile(P0, 1, FIRST, 11);
        node.disk.delete(segments(P0).get(1));
        requireFound(round());
    }

    @Test
    void what_is_not_synced_is_looked_at_once_it_is() throws Exception {
        append(P0, 11);
        node.takeAnswers();
        flip(3, 1_500);
        assertEquals(List.of(), round());
        List<StorageAnswer> told = new ArrayList<>(checkpoint());
        told.addAll(round());
        requireFound(told);
    }

    @Test
    void one_rotten_frame_costs_neither_the_node_nor_what_is_whole() throws Exception {
        flip(1, 300);
        round();
        assertEquals(11, node.read(P1, 1, 0).size());
        assertEquals(ReadStatus.OK, node.readOnce(P0, 1, 0).status());
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 3).status());
        assertEquals(ReadStatus.OK, node.readOnce(P0, 1, 8).status());
        assertEquals(
                new StorageAnswer.Appended(P0, 1, FIRST, 12),
                node.append(11, 1, "it may be the last one"));
    }

    @Test
    void each_owner_is_told_and_nobody_once_the_log_is_another() throws Exception {
        flip(1, 300);
        while (node.takeAnswers().isEmpty()) {
            node.tick(10);
        }
        node.ask(OTHER, new StorageRequest.Fence(P0, 2));
        node.tick(10);
        assertEquals(List.of(), node.takeAnswers(), "nobody has reconciled");
        assertInstanceOf(
                StorageAnswer.Damaged.class,
                node.toldInFrontOfReconciled(OTHER, 2, FIRST, 11).getFirst());
        node.tick(10);
        assertEquals(List.of(), node.takeAnswers(), "it knows");
        Incarnation second = Incarnation.of(2, 1);
        node.ask(OTHER, new StorageRequest.Assign(P0, 2, second, FSYNC, false));
        node.ask(OTHER, new StorageRequest.Reconcile(P0, 2, second, 0));
        assertEquals(List.of(), round());
        assertEquals(0, node.engine.scrub().rottenReplicas());
    }

    @Test
    void an_owner_is_told_once_in_each_epoch() throws Exception {
        flip(1, 300);
        assertEquals(1, round().size());
        assertEquals(List.of(), round(), "it knows");
        node.fence(1);
        node.reconcile(P0, 1, FIRST, 11);
        assertEquals(List.of(), round(), "it has chosen to go on with the same log");
        node.tick(700_000);
        assertEquals(List.of(), round(), "however long ago that was");

        node.fence(2);
        assertEquals(
                1,
                node.toldInFrontOfReconciled(SESSION, 2, FIRST, 11).size(),
                "the owner of another epoch knows nothing yet");
        assertEquals(List.of(), round());
        assertEquals(1, node.engine.scrub().rotFound(), "it is the same");
        flip(1, 300);
        round();
        assertEquals(0, node.engine.scrub().rottenReplicas(), "what was wrong has passed");
    }

    @Test
    void an_owner_is_told_on_each_stream() throws Exception {
        flip(1, 300);
        assertEquals(1, round().size());
        node.engine.sessionClosed(SESSION);
        assertEquals(List.of(), round(), "nobody is there");
        StreamSession next = new StreamSession(SESSION.gateway(), SESSION.stream() + 1);
        node.ask(next, new StorageRequest.Fence(P0, 1));
        assertEquals(
                1,
                node.toldInFrontOfReconciled(next, 1, FIRST, 11).size(),
                "what was told on the other may not have come");
        assertEquals(List.of(), round());
    }

    @Test
    void an_owner_is_told_of_a_log_that_is_kept_under_another_incarnation() throws Exception {
        flip(1, 300);
        assertEquals(1, round().size());
        Incarnation second = Incarnation.of(1, 2);
        node.ask(SESSION, new StorageRequest.Assign(P0, 1, second, FSYNC, true));
        StorageAnswer.Damaged damaged =
                assertInstanceOf(
                        StorageAnswer.Damaged.class,
                        node.toldInFrontOfReconciled(SESSION, 1, second, 11).getFirst());
        assertEquals(second, damaged.incarnation());
        assertEquals(List.of(), round());
    }

    @Test
    void the_scrubber_reads_on_no_thread_of_the_engine() throws Exception {
        node.close();
        CountingDisk counting = new CountingDisk(node.disk);
        StorageEngine engine =
                StorageEngine.open(counting, EngineSettings.SMALL, new Boot("boot-1"), node.now);
        engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        engine.tick(NodeTime.of(node.now + 1_000), (session, answer) -> {});
        counting.reset();
        Lookup piece = engine.beginScrub();
        assertNotNull(piece);
        assertNull(engine.beginScrub(), "one at a time");
        assertEquals(0, counting.reads());
        piece.run();
        assertTrue(counting.reads() > 0);
        counting.reset();
        engine.lookupDone(piece, (session, answer) -> {});
        assertEquals(0, counting.reads());
        assertTrue(engine.scrub().bytesRead() > 0);
    }
}
