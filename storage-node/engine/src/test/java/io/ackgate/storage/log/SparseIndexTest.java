package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SparseIndexTest {
    private static SparseIndex everyHundredBytes() {
        SparseIndex index = new SparseIndex(100);
        for (int i = 0; i < 10; i++) {
            // Batches of 40 bytes and 2 records, one second apart.
            index.offer(2 * i, 40 * i, i == 0 ? Long.MIN_VALUE : 1_000L * (i - 1));
        }
        return index;
    }

    @Test
    void entries_are_an_interval_apart() {
        SparseIndex index = everyHundredBytes();
        assertEquals(3, index.size());
        assertEquals(120, index.position(0));
        assertEquals(240, index.position(1));
        assertEquals(360, index.position(2));
    }

    @Test
    void an_offset_is_sought_from_the_entry_at_or_before_it() {
        SparseIndex index = everyHundredBytes();
        assertEquals(0, index.positionFor(5));
        assertEquals(120, index.positionFor(6));
        assertEquals(120, index.positionFor(11));
        assertEquals(360, index.positionFor(19));
    }

    @Test
    void a_timestamp_is_sought_from_where_nothing_before_is_as_young() {
        SparseIndex index = everyHundredBytes();
        assertEquals(0, index.positionForTimestamp(2_000));
        assertEquals(120, index.positionForTimestamp(2_001));
        assertEquals(120, index.positionForTimestamp(5_000));
        assertEquals(360, index.positionForTimestamp(9_000));
    }

    @Test
    void it_grows_and_forgets_nothing() {
        SparseIndex index = new SparseIndex(100);
        for (int i = 0; i < 50; i++) {
            index.add(3 * i, 100 * i, 7L * i);
        }
        assertEquals(50, index.size());
        for (int i = 0; i < 50; i++) {
            assertEquals(3 * i, index.relativeOffset(i));
            assertEquals(100 * i, index.position(i));
            assertEquals(7L * i, index.timestampBefore(i));
        }
    }
}
