package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SegmentAgeTest {
    private final SegmentAge age = SegmentAge.begun(1_000);

    @Test
    void a_segment_is_as_old_as_its_first_batch_and_not_as_its_file() {
        age.appended(true, 4_000, 5_000);
        age.appended(false, 4_500, 6_000);
        assertEquals(5_000, age.entry(0, 1).firstAppendMillis());
        assertFalse(age.begunBefore(100, 5_100));
        assertTrue(age.begunBefore(100, 5_101));
    }

    @Test
    void what_was_cut_off_does_not_keep_what_is_appended_then() {
        age.appended(true, 4_000, 5_000);
        age.appended(true, 3_000, 5_000);
        assertEquals(3_000, age.entry(0, 1).greatestTimestamp());
        assertFalse(age.olderThan(100, 3_100));
        assertTrue(age.olderThan(100, 3_101));
    }

    @Test
    void records_may_be_as_young_as_the_greatest_timestamp_and_no_younger() {
        age.appended(true, 4_000, 5_000);
        assertTrue(age.mayHave(4_000));
        assertFalse(age.mayHave(4_001));
    }
}
