package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log that changes while a piece of it is scrubbed: what was read then proves nothing. */
class ScrubUnderWayTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final int FRAMES = 11;

    /** Within the second batch of the first segment, which the first piece of a round ends with. */
    private static final int ROT_AT = 700;

    /** Within the third batch of a segment, which is its last. */
    private static final int LAST_OF_THREE_AT = 1_300;

    private EngineDriver node;

    @BeforeEach
    void write() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < FRAMES; i++) {
            append(i, 1);
        }
        node.tick(6_000);
        node.tick(60);
    }

    private void append(int offset, int epoch) {
        node.append(offset, epoch, "v" + "w".repeat(500));
    }

    private List<String> segments() {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                .sorted()
                .toList();
    }

    private String firstSegment() {
        return segments().getFirst();
    }

    private void flip() throws Exception {
        node.disk.flipBit(firstSegment(), ROT_AT * 8L);
    }

    private void endRound() {
        long rounds = node.engine.scrub().rounds();
        while (node.engine.scrub().replicasLeft() > 0) {
            Lookup piece = node.engine.beginScrub();
            if (piece != null) {
                piece.run();
                node.engine.lookupDone(piece, (session, answer) -> {});
            } else if (node.engine.scrub().rounds() == rounds) {
                pass(5);
            } else {
                return;
            }
        }
    }

    /** Ends the round that is under way, and gives the first piece of the next one. */
    private Lookup nextRound() {
        endRound();
        Lookup piece = node.engine.beginScrub();
        while (piece == null) {
            pass(50);
            piece = node.engine.beginScrub();
        }
        return piece;
    }

    private void pass(long millis) {
        node.now += millis;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
    }

    /** The first piece of a round, with a bit turned over in it; run, and not given back yet. */
    private Lookup found() throws Exception {
        Lookup piece = nextRound();
        flip();
        piece.run();
        node.takeAnswers();
        return piece;
    }

    private List<StorageAnswer> giveBack(Lookup piece) {
        node.takeAnswers();
        node.engine.lookupDone(piece, (session, answer) -> node.answers.add(answer));
        return node.takeAnswers();
    }

    private void requireNothing() {
        node.takeAnswers();
        for (int i = 0; i < 30; i++) {
            node.tick(50);
        }
        assertEquals(List.of(), node.takeAnswers());
        assertEquals(0, node.engine.scrub().rotFound());
        assertEquals(0, node.engine.scrub().failedReads());
        assertNull(node.engine.takeNews());
    }

    @Test
    void where_nothing_changes_it_is_told() throws Exception {
        StorageAnswer told = giveBack(found()).getFirst();
        assertEquals(
                StorageAnswer.Fault.CORRUPT,
                assertInstanceOf(StorageAnswer.Damaged.class, told).fault());
    }

    @Test
    void a_cut_takes_what_was_found_away() throws Exception {
        Lookup piece = found();
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 1);
        assertEquals(List.of(), giveBack(piece));
        for (int i = 1; i < FRAMES; i++) {
            append(i, 2);
        }
        node.tick(6_000);
        requireNothing();
    }

    @Test
    void a_cut_that_has_begun_does_so_too() throws Exception {
        Lookup piece = found();
        node.fence(2);
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
        assertEquals(List.of(), giveBack(piece));
        node.settle();
        requireNothing();
    }

    @Test
    void a_log_that_is_being_cut_is_looked_at_once_more_in_the_same_round() throws Exception {
        Lookup piece = nextRound();
        piece.run();
        node.fence(2);
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, FRAMES - 1));
        giveBack(piece);
        flip();
        node.settle();
        endRound();
        assertEquals(1, node.engine.scrub().rotFound());
    }

    @Test
    void and_the_batches_that_follow_a_cut_are_looked_at_as_they_are() throws Exception {
        Lookup piece = nextRound();
        piece.run();
        node.fence(2);
        node.reconcile(P0, 2, FIRST, 1);
        for (int i = 1; i < FRAMES; i++) {
            append(i, 2);
        }
        node.tick(6_000);
        giveBack(piece);
        requireNothing();
    }

    @Test
    void what_is_written_meanwhile_is_the_next_rounds() throws Exception {
        Lookup piece = nextRound();
        // The segment that grew gets its last batch, and others follow it; all of it is synced.
        for (int i = FRAMES; i < 3 * FRAMES; i++) {
            append(i, 1);
        }
        node.tick(6_000);
        node.tick(60);
        node.disk.flipBit(segments().get(3), LAST_OF_THREE_AT * 8L);
        piece.run();
        giveBack(piece);
        endRound();
        assertEquals(0, node.engine.scrub().rotFound(), "it was not there when the round began");
        giveBack(nextRound());
        endRound();
        assertEquals(1, node.engine.scrub().rotFound());
    }

    @Test
    void a_log_that_is_written_faster_than_it_is_scrubbed_ends_all_the_same() throws Exception {
        node = new EngineDriver(EngineDriver.scrubbed(new ScrubSettings(4_000, 100, 700)));
        node.ready(P0, 1, FSYNC);
        int end = 0;
        while (end < 40) {
            append(end++, 1);
        }
        node.tick(6_000);
        node.tick(60);
        long rounds = node.engine.scrub().rounds();
        assertEquals(1, node.engine.scrub().replicasLeft());
        for (int i = 0; i < 300; i++) {
            append(end++, 1);
            append(end++, 1);
            node.tick(100);
        }
        assertTrue(node.engine.scrub().rounds() > rounds, node.engine.scrub().toString());
        assertEquals(1, node.engine.scrub().replicasLeft(), "the next one takes longer");
    }

    @Test
    void retention_takes_what_was_found_away() throws Exception {
        Lookup piece = found();
        String rotten = firstSegment();
        ReplicaSettings small =
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, 2_000, 86_400_000);
        node.ask(SESSION, new StorageRequest.Configure(P0, 1, small));
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, FRAMES));
        for (int i = 0; i < 10; i++) {
            node.tick(100);
        }
        assertFalse(node.disk.files().contains(rotten), "the segment is gone");
        assertEquals(List.of(), giveBack(piece));
        requireNothing();
    }

    @Test
    void a_log_that_is_retired_is_nobodys_any_more() throws Exception {
        Lookup piece = found();
        Incarnation second = Incarnation.of(2, 1);
        node.ask(SESSION, new StorageRequest.Assign(P0, 2, second, FSYNC, false));
        node.reconcile(P0, 2, second, 0);
        assertEquals(List.of(), giveBack(piece));
        requireNothing();
    }

    @Test
    void and_so_is_one_that_is_deleted() throws Exception {
        Lookup piece = found();
        node.ask(SESSION, new StorageRequest.Delete(P0, 1));
        assertEquals(List.of(), giveBack(piece));
        requireNothing();
    }

    @Test
    void a_node_does_not_close_while_a_piece_is_looked_at() throws Exception {
        Lookup piece = nextRound();
        assertFalse(node.engine.idle());
        piece.run();
        giveBack(piece);
        node.close();
        EngineDriver again = node.reopen("boot-1");
        assertEquals(List.of(), again.engine.notes());
    }

    @Test
    void no_more_is_read_than_is_allowed() throws Exception {
        long rate = EngineSettings.SMALL.scrub().bytesPerSecond();
        for (int i = FRAMES; i < 600; i++) {
            append(i, 1);
        }
        node.tick(6_000);
        nextRound().run();
        // That piece is not given back: it counts for nothing.
        EngineDriver fresh = node.reopen("boot-1");
        long before = fresh.engine.scrub().bytesRead();
        for (int i = 1; i <= 10; i++) {
            fresh.tick(50);
            long read = fresh.engine.scrub().bytesRead() - before;
            assertTrue(read <= rate * 50 * i / 1_000 + 2_048, read + " bytes in tick " + i);
        }
        assertTrue(fresh.engine.scrub().bytesRead() - before > rate / 4);
        fresh.tick(60_000);
        assertTrue(
                fresh.engine.scrub().bytesRead() - before <= 2 * rate,
                "what was not used is not made up for");
    }

    @Test
    void a_scrubber_that_is_turned_off_reads_nothing() throws Exception {
        EngineSettings off = EngineDriver.scrubbed(new ScrubSettings(0, 1, 1));
        node.close();
        StorageEngine engine = StorageEngine.open(node.disk, off, new Boot("boot-1"), node.now);
        for (int i = 0; i < 100; i++) {
            node.now += 1_000;
            engine.tick(NodeTime.of(node.now), (session, answer) -> {});
            assertNull(engine.beginScrub());
        }
    }
}
