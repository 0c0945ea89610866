package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rot that a read has come to is remembered for the owners to come, without a scrubber. */
class CorruptReadTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final StreamSession OTHER = new StreamSession(8, 1);

    private EngineDriver node;

    @BeforeEach
    void a_bit_has_turned_over() throws Exception {
        node = new EngineDriver(EngineDriver.scrubbed(new ScrubSettings(0, 3_600_000, 700)));
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 11; i++) {
            node.append(P0, 1, Frames.of(P0, i, 1, "v" + "w".repeat(500)));
        }
        node.tick(6_000);
        node.tick(60);
        flip(900);
        node.takeAnswers();
    }

    private void flip(int at) throws Exception {
        String first =
                node.disk.files().stream()
                        .filter(path -> path.contains("/" + P0 + ".") && path.endsWith(".log"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
        node.disk.flipBit(first, at * 8L);
    }

    private List<StorageAnswer> told() {
        node.tick(50);
        return node.takeAnswers();
    }

    private void requireTold(int epoch) {
        List<StorageAnswer> told = told();
        assertEquals(1, told.size(), told.toString());
        requireDamaged(told.getFirst(), epoch);
    }

    private static void requireDamaged(StorageAnswer told, int epoch) {
        StorageAnswer.Damaged damaged = assertInstanceOf(StorageAnswer.Damaged.class, told);
        assertEquals(P0, damaged.partition());
        assertEquals(epoch, damaged.epoch());
        assertEquals(FIRST, damaged.incarnation());
        assertEquals(Fault.CORRUPT, damaged.fault());
    }

    private void isRead(int offset) {
        assertEquals(ReadStatus.CORRUPT, node.readOnce(P0, 1, offset).status());
        node.takeAnswers();
    }

    /** An owner takes a log for whole as soon as it hears that it has reconciled. */
    private void requireToldInFront(int logEnd) {
        isRead(1);
        requireTold(1);
        node.ask(OTHER, new StorageRequest.Fence(P0, 2));
        List<StorageAnswer> told = node.toldInFrontOfReconciled(OTHER, 2, FIRST, logEnd);
        assertEquals(1, told.size(), told.toString());
        requireDamaged(told.getFirst(), 2);
        assertEquals(List.of(), told(), "it knows");
    }

    @Test
    void what_nobody_has_read_is_not_known() {
        assertEquals(ReadStatus.OK, node.readOnce(P0, 1, 10).status());
        node.takeAnswers();
        assertEquals(List.of(), told());
    }

    @Test
    void an_owner_is_told_once_however_much_is_read() throws Exception {
        flip(1_500);
        isRead(1);
        requireTold(1);
        for (int i = 0; i < 3; i++) {
            isRead(1);
            isRead(2);
            assertEquals(List.of(), told());
        }
        assertEquals(1, node.engine.scrub().rotFound());
    }

    @Test
    void the_owner_of_the_next_epoch_is_told_before_its_reconcile_is_answered() {
        requireToldInFront(11);
    }

    @Test
    void and_so_is_one_that_has_the_log_cut() {
        requireToldInFront(10);
    }

    @Test
    void a_search_finds_it_as_well() throws Exception {
        flip(300);
        StorageAnswer found = node.ask(SESSION, new StorageRequest.ListOffset(P0, 1, 7, 0));
        assertEquals(ReadStatus.CORRUPT, ((StorageAnswer.OffsetListed) found).status());
        node.takeAnswers();
        requireTold(1);
    }
}
