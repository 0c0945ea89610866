package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is not synced is not scrubbed, such as the growing segment of a log that is not journaled:
 * damage that may stand there is not taken back by a scrubber that has not looked at it.
 */
class ScrubGrowingLogTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final StreamSession OTHER = new StreamSession(8, 1);
    private static final int HOUR_MILLIS = 3_600_000;

    private EngineDriver node;
    private int end;

    @BeforeEach
    void a_log_of_one_segment() throws Exception {
        node =
                new EngineDriver(
                        EngineDriver.scrubbed(new ScrubSettings(256 << 10, HOUR_MILLIS, 700)));
        node.ready(P0, 1, PAGE_CACHE);
        append(3);
        assertEquals(1, segments().size());
    }

    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            node.append(P0, 1, Frames.of(P0, end++, 1, "v" + "w".repeat(500)));
        }
    }

    private List<String> segments() {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                .sorted()
                .toList();
    }

    private void flip(int segment) throws Exception {
        node.disk.flipBit(segments().get(segment), 300 * 8L);
    }

    private void isReadCorrupt(int offset) {
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, offset).status());
        node.tick(50);
        assertInstanceOf(StorageAnswer.Damaged.class, node.takeAnswers().getLast());
    }

    /** One round, with a checkpoint beside it; what the owner is told in it. */
    private List<StorageAnswer> round() {
        long rounds = node.engine.scrub().rounds();
        node.tick(6_000);
        node.tick(60);
        node.takeAnswers();
        node.tick(HOUR_MILLIS);
        for (int i = 0; i < 20; i++) {
            node.tick(50);
        }
        assertEquals(rounds + 1, node.engine.scrub().rounds());
        return node.takeAnswers();
    }

    /** The same without a checkpoint, so that nothing is synced. */
    private void roundWithoutCheckpoint() {
        long rounds = node.engine.scrub().rounds();
        node.now += HOUR_MILLIS;
        node.engine.tick(NodeTime.of(node.now), (session, answer) -> {});
        Lookup piece = node.engine.beginScrub();
        while (piece != null) {
            piece.run();
            node.engine.lookupDone(piece, (session, answer) -> {});
            piece = node.engine.beginScrub();
        }
        assertEquals(rounds + 1, node.engine.scrub().rounds());
    }

    private static List<StorageAnswer> whole() {
        return List.of(new StorageAnswer.Whole(P0, 1, FIRST));
    }

    @Test
    void what_a_read_came_to_in_the_growing_segment_is_not_taken_back() throws Exception {
        round();
        flip(0);
        isReadCorrupt(0);
        assertEquals(List.of(), round());
        assertEquals(List.of(), round());
        assertEquals(1, node.engine.scrub().rottenReplicas());
    }

    @Test
    void the_next_owner_is_told_of_it() throws Exception {
        round();
        flip(0);
        isReadCorrupt(0);
        round();
        node.ask(OTHER, new StorageRequest.Fence(P0, 2));
        List<StorageAnswer> told = node.toldInFrontOfReconciled(OTHER, 2, FIRST, end);
        assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
    }

    @Test
    void it_is_taken_back_when_the_segment_is_closed_and_has_been_looked_at() throws Exception {
        round();
        flip(0);
        isReadCorrupt(0);
        flip(0);
        assertEquals(List.of(), round());
        append(1);
        assertEquals(whole(), round());
        assertEquals(0, node.engine.scrub().rottenReplicas());
    }

    @Test
    void what_was_found_in_a_closed_segment_is_taken_back_whatever_grows() throws Exception {
        append(1);
        flip(0);
        assertInstanceOf(StorageAnswer.Damaged.class, round().getFirst());
        flip(0);
        assertEquals(whole(), round());
    }

    @Test
    void a_search_may_have_come_to_the_growing_segment() throws Exception {
        round();
        flip(0);
        node.ask(SESSION, new StorageRequest.ListOffset(P0, 1, 7, 0));
        assertEquals(1, node.engine.scrub().rottenReplicas());
        round();
        assertEquals(1, node.engine.scrub().rottenReplicas());
    }

    @Test
    void a_closed_segment_that_is_not_synced_has_not_been_looked_at_either() throws Exception {
        append(4);
        assertEquals(3, segments().size());
        flip(1);
        isReadCorrupt(3);
        roundWithoutCheckpoint();
        assertEquals(1, node.engine.scrub().rottenReplicas());
        flip(1);
        round();
        assertEquals(0, node.engine.scrub().rottenReplicas());
    }
}
