package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
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
import io.ackgate.storage.disk.DiskFaults.Operation;
import java.nio.ByteBuffer;
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
        checkpoint();
        assertEquals(List.of(), node.takeAnswers());
        assertEquals(4, segments(P0).size());
    }

    private void append(PartitionId partition, int offset) {
        node.append(partition, 1, Frames.of(partition, offset, 1, "v" + "w".repeat(500)));
    }

    private void checkpoint() {
        node.takeAnswers();
        node.tick(6_000);
        node.tick(60);
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
        assertTrue(!told.isEmpty(), "nothing was told");
        for (StorageAnswer answer : told) {
            StorageAnswer.Faulty faulty = assertInstanceOf(StorageAnswer.Faulty.class, answer);
            assertEquals(P0, faulty.partition());
            assertEquals(1, faulty.epoch());
            assertEquals(FIRST, faulty.incarnation());
            assertEquals(Fault.CORRUPT, faulty.fault());
        }
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
    void what_is_not_synced_is_looked_at_once_it_is() throws Exception {
        append(P0, 11);
        node.takeAnswers();
        flip(3, 1_500);
        assertEquals(List.of(), round());
        checkpoint();
        requireFound(round());
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
        assertEquals(List.of(), node.takeAnswers(), "nobody has joined");
        node.ask(OTHER, new StorageRequest.Join(P0, 2, FIRST, 11));
        node.tick(10);
        assertTrue(node.answered.contains(OTHER));
        assertInstanceOf(StorageAnswer.Faulty.class, node.takeAnswers().getFirst());
        Incarnation second = Incarnation.of(2, 1);
        node.ask(OTHER, new StorageRequest.Assign(P0, 2, second, FSYNC, false));
        node.ask(OTHER, new StorageRequest.Join(P0, 2, second, 0));
        assertEquals(List.of(), round());
        assertEquals(0, node.engine.scrub().rottenReplicas());
    }

    @Test
    void an_owner_that_lets_it_stand_is_told_again_in_each_round_and_in_a_while() throws Exception {
        flip(1, 300);
        round();
        assertTrue(!round().isEmpty());
        assertEquals(1, node.engine.scrub().rotFound(), "it is the same");
        flip(1, 300);
        round();
        assertEquals(0, node.engine.scrub().rottenReplicas(), "what was wrong has passed");
    }

    @Test
    void the_scrubber_reads_on_no_thread_of_the_engine() {
        node.disk.faults().fail(Operation.READ, ".log");
        node.now += 1_000;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        Lookup piece = node.engine.beginScrub();
        assertNotNull(piece);
        assertNull(node.engine.beginScrub(), "one at a time");
        assertEquals(0, node.engine.scrub().failedReads());
    }

    @Test
    void what_cannot_be_read_now_is_not_called_rotten() {
        node.disk.faults().fail(Operation.READ, ".log");
        assertEquals(List.of(), round());
        ScrubStatus failed = node.engine.scrub();
        assertTrue(failed.failedReads() > 0);
        assertEquals(0, failed.rotFound());
        node.disk.faults().heal();
        assertEquals(List.of(), round());
        assertTrue(node.engine.scrub().rounds() > failed.rounds());
    }
}
