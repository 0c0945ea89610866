package io.ackgate.storage.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProducerTableTest {
    private static final int RECORDS = 5;
    private static final short E1 = 1;
    private static final ProducerVerdict NEXT = new ProducerVerdict.Next();

    private ProducerTable table = new ProducerTable();

    private ProducerVerdict check(long id, int epoch, int sequence, int count) {
        return table.check(id, (short) epoch, sequence, count, RECORDS);
    }

    /** The offset stands in for the time as well. */
    private void append(long id, int epoch, int sequence, int count, long offset) {
        table.appended(id, (short) epoch, sequence, count, offset, offset, RECORDS);
    }

    private static ProducerEntry entry(ProducerTable table, long id) {
        return Objects.requireNonNull(table.entry(id));
    }

    @Test
    void a_producer_begins_at_sequence_0() {
        assertEquals(NEXT, check(1, 0, 0, 3));
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
        assertEquals(NEXT, check(1, 0, 3, 2));
        assertEquals(new ProducerVerdict.OutOfOrder(3), check(1, 0, 4, 2));
    }

    @Test
    void each_of_the_last_five_batches_is_known_again_and_older_ones_are_old() {
        for (int i = 0; i < 7; i++) {
            append(1, 0, 2 * i, 2, 100 + 2 * i);
        }
        ProducerEntry.Batch oldest = new ProducerEntry.Batch(4, 5, 104, 2, RECORDS);
        for (int i = 0; i < 7; i++) {
            ProducerVerdict expected =
                    i < 2
                            ? new ProducerVerdict.OldDuplicate(oldest)
                            : new ProducerVerdict.Duplicate(
                                    new ProducerEntry.Batch(
                                            2 * i, 2 * i + 1, 100 + 2 * i, 2, RECORDS));
            assertEquals(expected, check(1, 0, 2 * i, 2), "batch " + i);
        }
        assertEquals(
                new ProducerVerdict.OutOfOrder(14),
                check(1, 0, 4, 1),
                "part of a batch that is known");
        assertEquals(new ProducerVerdict.OutOfOrder(14), check(1, 0, 3, 2), "over its beginning");
        assertEquals(new ProducerVerdict.OldDuplicate(oldest), check(1, 0, 1, 3));
    }

    @Test
    void the_same_sequences_with_other_records_are_no_retry() {
        append(1, 0, 0, 2, 100);
        append(1, 0, 2, 2, 102);
        assertEquals(
                new ProducerVerdict.OtherRecords(new ProducerEntry.Batch(0, 1, 100, 2, RECORDS)),
                table.check(1, (short) 0, 0, 2, RECORDS + 1));
    }

    @Test
    void a_retry_that_was_batched_anew_is_refused() {
        append(1, 0, 0, 10, 100);
        assertEquals(new ProducerVerdict.OutOfOrder(10), check(1, 0, 5, 10));
        assertEquals(new ProducerVerdict.OutOfOrder(10), check(1, 0, 9, 2));
        assertEquals(new ProducerVerdict.OutOfOrder(10), check(1, 0, 0, 11));
        assertEquals(new ProducerVerdict.OutOfOrder(10), check(1, 0, 1_200_000_000, 1));
    }

    @Test
    void a_new_producer_epoch_begins_at_0_and_fences_the_old_one() {
        append(1, 0, 0, 3, 100);
        assertEquals(new ProducerVerdict.OutOfOrder(0), check(1, 1, 3, 1));
        assertEquals(NEXT, check(1, 1, 0, 1));
        append(1, 1, 0, 1, 103);
        assertEquals(new ProducerVerdict.StaleEpoch(E1), check(1, 0, 3, 1));
        assertEquals(E1, entry(table, 1).producerEpoch());
        assertEquals(1, entry(table, 1).batches().size(), "the old epoch's batches are forgotten");
    }

    @Test
    void a_silent_producer_may_not_go_on_and_its_retry_is_not_taken_for_new() {
        append(1, 0, 0, 4, 100);
        append(2, 0, 0, 1, 200);
        table.expire(150);
        assertNull(table.entry(1));
        assertEquals(1, table.live().size());
        assertEquals(new ProducerVerdict.Forgotten(true), check(1, 0, 0, 4));
        assertEquals(new ProducerVerdict.Forgotten(true), check(1, 0, 3, 4));
        assertEquals(new ProducerVerdict.Forgotten(false), check(1, 0, 4, 1));
        assertEquals(NEXT, check(1, 1, 0, 1), "a new session begins at 0");
        assertEquals(new ProducerVerdict.OutOfOrder(0), check(1, 1, 4, 1));
    }

    @Test
    void what_expired_in_one_table_has_expired_in_one_that_takes_it_over() {
        append(1, 0, 0, 4, 100);
        append(2, 0, 0, 1, 200);
        table.expire(150);
        ProducerTable other = new ProducerTable();
        other.restore(table.known());
        other.expire(150);
        table = other;
        assertEquals(new ProducerVerdict.Forgotten(true), check(1, 0, 0, 4));
        assertEquals(NEXT, check(2, 0, 1, 1));
    }

    @Test
    void a_newcomer_above_the_bound_is_refused_and_nobody_is_evicted() {
        table = new ProducerTable(2);
        append(1, 0, 0, 1, 1);
        append(2, 0, 0, 1, 2);
        assertEquals(new ProducerVerdict.TooManyProducers(2), check(3, 0, 0, 1));
        assertEquals(NEXT, check(1, 0, 1, 1));
        assertEquals(NEXT, check(1, 1, 0, 1), "a new session of a known producer");
        assertEquals(2, table.live().size());
        table.expire(2);
        assertEquals(NEXT, check(3, 0, 0, 1), "one has expired");
        append(3, 0, 0, 1, 3);
        assertEquals(
                new ProducerVerdict.TooManyProducers(2),
                check(1, 1, 0, 1),
                "one that has expired is a newcomer");
    }

    @Test
    void what_an_owner_has_appended_is_taken_in_above_the_bound() {
        table = new ProducerTable(2);
        for (int id = 0; id < 4; id++) {
            append(id, 0, 0, 1, id);
        }
        assertEquals(4, table.size());
        assertEquals(NEXT, check(0, 0, 1, 1));
    }

    @Test
    void ids_up_to_one_that_was_dropped_are_not_new_for_certain() {
        table = new ProducerTable(2);
        for (int id = 5; id < 9; id++) {
            append(id, 0, 0, 1, id);
        }
        table.expire(8);
        assertEquals(5, table.known().forgottenUpTo());
        assertEquals(new ProducerVerdict.Forgotten(false), check(5, 0, 0, 1));
        assertEquals(new ProducerVerdict.Forgotten(false), check(4, 0, 0, 1));
        assertEquals(NEXT, check(5, 1, 0, 1), "a named producer comes back with a higher epoch");
        assertEquals(NEXT, check(9, 0, 0, 1));
        assertEquals(new ProducerVerdict.Forgotten(true), check(6, 0, 0, 1));
        ProducerTable other = new ProducerTable(2);
        other.restore(table.known());
        assertEquals(table.known(), other.known());
    }

    @Test
    void what_is_restored_is_what_was_there() {
        for (int i = 0; i < 9; i++) {
            append(i % 3, 0, i / 3, 1, i);
        }
        ProducerTable other = new ProducerTable();
        other.restore(table.known());
        assertEquals(table.known(), other.known());
        other.restore(KnownProducers.NOBODY);
        assertEquals(0, other.size());
    }
}
