package io.ackgate.storage.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.storage.api.ProducerEntry;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProducerTableTest {
    private static final short E0 = 0;
    private static final short E1 = 1;

    private final ProducerTable table = new ProducerTable();

    private ProducerVerdict check(long id, int epoch, int sequence, int count) {
        return table.check(id, (short) epoch, sequence, count);
    }

    private void append(long id, int epoch, int sequence, int count, long offset) {
        table.appended(id, (short) epoch, sequence, count, offset, offset);
    }

    private static ProducerEntry entry(ProducerTable table, long id) {
        return Objects.requireNonNull(table.entry(id));
    }

    @Test
    void a_producer_begins_at_sequence_0() {
        assertEquals(new ProducerVerdict.Next(), check(1, 0, 0, 3));
        assertEquals(new ProducerVerdict.UnknownProducer(), check(1, 0, 5, 3));
    }

    @Test
    void checking_changes_nothing() {
        check(1, 0, 0, 3);
        assertNull(table.entry(1));
        append(1, 0, 0, 3, 100);
        ProducerEntry before = table.entry(1);
        check(1, 0, 3, 1);
        check(1, 1, 0, 1);
        assertEquals(before, table.entry(1));
    }

    @Test
    void the_sequence_goes_on_where_the_last_batch_ended() {
        append(1, 0, 0, 3, 100);
        assertEquals(new ProducerVerdict.Next(), check(1, 0, 3, 2));
        assertEquals(new ProducerVerdict.OutOfOrder(3), check(1, 0, 4, 2));
    }

    @Test
    void each_of_the_last_five_batches_is_known_again_and_older_ones_are_old() {
        for (int i = 0; i < 7; i++) {
            append(1, 0, 2 * i, 2, 100 + 2 * i);
        }
        ProducerEntry.Batch oldest = new ProducerEntry.Batch(4, 5, 104, 2);
        for (int i = 0; i < 7; i++) {
            ProducerVerdict expected =
                    i < 2
                            ? new ProducerVerdict.OldDuplicate(oldest)
                            : new ProducerVerdict.Duplicate(
                                    new ProducerEntry.Batch(2 * i, 2 * i + 1, 100 + 2 * i, 2));
            assertEquals(expected, check(1, 0, 2 * i, 2), "batch " + i);
        }
        assertEquals(
                new ProducerVerdict.OldDuplicate(oldest),
                check(1, 0, 4, 1),
                "part of a batch is no match, and lower than what comes next");
    }

    @Test
    void a_new_producer_epoch_begins_at_0_and_fences_the_old_one() {
        append(1, 0, 0, 3, 100);
        assertEquals(new ProducerVerdict.OutOfOrder(0), check(1, 1, 3, 1));
        assertEquals(new ProducerVerdict.Next(), check(1, 1, 0, 1));
        append(1, 1, 0, 1, 103);
        assertEquals(new ProducerVerdict.StaleEpoch(E1), check(1, 0, 3, 1));
        assertEquals(E1, entry(table, 1).producerEpoch());
        assertEquals(1, entry(table, 1).batches().size(), "the old epoch's batches are forgotten");
    }

    @Test
    void sequences_wrap_after_the_greatest() {
        int max = Integer.MAX_VALUE;
        table.appended(1, E0, max - 1, 2, 100, 0);
        assertEquals(new ProducerVerdict.Next(), check(1, 0, 0, 2));
        assertEquals(new ProducerVerdict.OutOfOrder(0), check(1, 0, 1, 2));
        table.appended(1, E0, 0, 2, 102, 0);
        assertEquals(
                new ProducerVerdict.Duplicate(new ProducerEntry.Batch(max - 1, max, 100, 2)),
                check(1, 0, max - 1, 2));
        assertEquals(
                new ProducerVerdict.OldDuplicate(new ProducerEntry.Batch(max - 1, max, 100, 2)),
                check(1, 0, max - 3, 2),
                "what is just before the wrap is lower, not higher");
    }

    @Test
    void a_batch_may_wrap_in_the_middle() {
        int max = Integer.MAX_VALUE;
        table.appended(1, E0, max - 1, 4, 100, 0);
        assertEquals(1, entry(table, 1).last().lastSequence());
        assertEquals(new ProducerVerdict.Next(), check(1, 0, 2, 1));
        assertEquals(
                new ProducerVerdict.Duplicate(new ProducerEntry.Batch(max - 1, 1, 100, 4)),
                check(1, 0, max - 1, 4));
    }

    @Test
    void silence_ends_what_is_known() {
        append(1, 0, 0, 1, 100);
        append(2, 0, 0, 1, 200);
        table.expire(150);
        assertNull(table.entry(1));
        assertEquals(1, table.size());
        assertEquals(new ProducerVerdict.UnknownProducer(), check(1, 0, 1, 1));
    }

    @Test
    void the_bound_takes_the_one_that_has_been_silent_for_longest() {
        ProducerTable small = new ProducerTable(2);
        small.appended(1, E0, 0, 1, 0, 0);
        small.appended(2, E0, 0, 1, 1, 0);
        small.appended(1, E0, 1, 1, 2, 0);
        small.appended(3, E0, 0, 1, 3, 0);
        assertNull(small.entry(2));
        assertEquals(2, small.size());
        assertEquals(2, entry(small, 1).batches().size());
    }

    @Test
    void what_is_restored_is_what_was_there() {
        for (int i = 0; i < 9; i++) {
            append(i % 3, 0, i / 3, 1, i);
        }
        ProducerTable other = new ProducerTable();
        other.restore(table.entries());
        assertEquals(table.entries(), other.entries());
    }
}
