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
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A log that has lost bytes in one place may have lost more behind it: when retention has passed
 * the first place, it is called whole only if somebody has looked at the rest.
 */
class ScrubBehindRotTest {
    private static final int HOUR_MILLIS = 3_600_000;
    private static final int FRAMES = 20;
    private static final StorageAnswer WHOLE = new StorageAnswer.Whole(P0, 1, Incarnation.of(1, 1));

    private EngineDriver node;

    /** Segments of three batches each, all synced. */
    @BeforeEach
    void a_log_of_many_segments() throws Exception {
        node =
                new EngineDriver(
                        EngineDriver.scrubbed(new ScrubSettings(256 << 10, HOUR_MILLIS, 700)));
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < FRAMES; i++) {
            node.append(P0, 1, Frames.of(P0, i, 1, "v" + "w".repeat(500)));
        }
        node.tick(6_000);
        node.tick(60);
        assertEquals(7, segments().size());
        round();
    }

    private List<String> segments() {
        return node.disk.files().stream()
                .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                .sorted()
                .toList();
    }

    private void flip(String segment) throws Exception {
        node.disk.flipBit(segment, 300 * 8L);
    }

    private void cannotBeRead(String... segments) {
        node.disk.faults().heal();
        for (String segment : segments) {
            node.disk.faults().fail(Operation.READ, segment);
        }
    }

    /** One round; what the owner is told in it. */
    private List<StorageAnswer> round() {
        long rounds = node.engine.scrub().rounds();
        node.takeAnswers();
        node.tick(HOUR_MILLIS);
        List<StorageAnswer> told = aWhile();
        assertEquals(rounds + 1, node.engine.scrub().rounds());
        return told;
    }

    /** Less than it takes for another round to begin. */
    private List<StorageAnswer> aWhile() {
        for (int i = 0; i < 40; i++) {
            node.tick(50);
        }
        return node.takeAnswers();
    }

    private static void requireDamaged(List<StorageAnswer> told) {
        assertEquals(1, told.size(), told.toString());
        assertInstanceOf(StorageAnswer.Damaged.class, told.getFirst());
    }

    /** Retention leaves about so many bytes; what the owner is told meanwhile. */
    private List<StorageAnswer> retentionKeeps(long bytes) {
        String first = segments().getFirst();
        ReplicaSettings settings =
                new ReplicaSettings(Durability.FSYNC, 2048, 604_800_000, -1, bytes, 86_400_000);
        node.ask(SESSION, new StorageRequest.Configure(P0, 1, settings));
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, FRAMES));
        node.takeAnswers();
        List<StorageAnswer> told = aWhile();
        assertTrue(!segments().contains(first), "retention has taken the first segment");
        return told;
    }

    private int rotten() {
        return node.engine.scrub().rottenReplicas();
    }

    @Test
    void a_pass_goes_on_behind_the_first_place_and_all_of_them_have_to_go() throws Exception {
        List<String> segments = segments();
        flip(segments.get(0));
        flip(segments.get(3));
        requireDamaged(round());
        assertEquals(2, node.engine.scrub().rotFound(), "both are told of to the operator");
        assertEquals(List.of(), round(), "it knows");
        assertEquals(2, node.engine.scrub().rotFound());
        assertEquals(List.of(), retentionKeeps(8_000));
        assertTrue(segments().contains(segments.get(3)));
        assertEquals(1, rotten());
        long read = node.engine.scrub().bytesRead();
        assertEquals(List.of(WHOLE), retentionKeeps(3_000));
        assertEquals(0, rotten());
        assertEquals(read, node.engine.scrub().bytesRead(), "the pass has looked at the rest");
    }

    @Test
    void all_that_cannot_be_read_has_to_go() {
        List<String> segments = segments();
        cannotBeRead(segments.get(0), segments.get(3));
        assertEquals(List.of(), round());
        requireDamaged(round());
        node.disk.faults().heal();
        assertEquals(List.of(), retentionKeeps(8_000));
        assertTrue(segments().contains(segments.get(3)));
        assertEquals(1, rotten());
        assertEquals(List.of(WHOLE), retentionKeeps(3_000));
    }

    @Test
    void what_could_not_be_read_once_has_not_been_looked_at() throws Exception {
        List<String> segments = segments();
        flip(segments.get(0));
        cannotBeRead(segments.get(3));
        requireDamaged(round());
        assertEquals(List.of(), retentionKeeps(8_000));
        assertTrue(segments().contains(segments.get(3)));
        node.disk.faults().heal();
        assertEquals(List.of(WHOLE), round());
    }

    @Test
    void what_a_read_came_to_says_nothing_of_the_rest() throws Exception {
        List<String> segments = segments();
        flip(segments.get(0));
        flip(segments.get(3));
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 0).status());
        requireDamaged(aWhile());
        assertEquals(1, node.engine.scrub().rotFound(), "nobody has looked further");
        assertEquals(List.of(), retentionKeeps(8_000));
        assertEquals(2, node.engine.scrub().rotFound(), "now somebody has, before the next round");
        assertEquals(1, rotten());
        assertEquals(List.of(WHOLE), retentionKeeps(3_000));
    }

    @Test
    void nor_does_a_pass_that_a_read_has_proven_wrong_since() throws Exception {
        List<String> segments = segments();
        flip(segments.get(0));
        requireDamaged(round());
        flip(segments.get(1));
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, 3).status());
        flip(segments.get(3));
        assertEquals(List.of(), retentionKeeps(8_000));
        assertEquals(1, rotten());
        long rounds = node.engine.scrub().rounds();
        assertEquals(List.of(WHOLE), retentionKeeps(3_000));
        assertEquals(rounds, node.engine.scrub().rounds(), "that was no round over all logs");
    }
}
