package io.ackgate.gateway.partition.replicas;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Since when a leader's disk does not give what it is asked for. Times are made up. */
class FailedReadsTest {
    private static final long GRACE = 100;
    private static final long APART = 10;

    private final FailedReads failed = new FailedReads();

    private static FailedReads.Sought at(long offset) {
        return new FailedReads.Sought(offset, 1_000);
    }

    /** One place fails over and over, up to a time. */
    private void failUntil(FailedReads.Sought sought, long from, long until) {
        for (long time = from; time < until; time += APART) {
            failed.failed(sought, time, APART);
        }
        failed.failed(sought, until, APART);
    }

    private boolean persist(long watched) {
        return failed.persist(watched, GRACE, APART);
    }

    @Test
    void what_fails_for_as_long_as_is_granted_persists() {
        failUntil(at(7), 1_000, 1_099);
        assertFalse(persist(1_099));
        failed.failed(at(7), 1_100, APART);
        assertTrue(persist(1_100));
    }

    @Test
    void failures_too_far_apart_say_nothing_together() {
        failed.failed(at(7), 1_000, APART);
        failUntil(at(7), 1_011, 1_110);
        assertFalse(persist(1_110), "it counts from 1011 on");
        failed.failed(at(7), 1_111, APART);
        assertTrue(persist(1_111));
    }

    @Test
    void a_disk_counts_as_mended_after_ten_times_as_long() {
        failUntil(at(7), 1_000, 1_100);
        assertTrue(persist(1_200));
        assertFalse(persist(1_201));
    }

    @Test
    void what_another_place_gives_does_not_mend_this_one() {
        failUntil(at(7), 1_000, 1_050);
        failed.succeeded(at(8));
        failUntil(at(7), 1_060, 1_100);
        assertTrue(persist(1_100));
        failed.succeeded(at(7));
        assertFalse(persist(1_100));
    }

    @Test
    void a_place_beyond_the_bound_counts_with_all_others_only() {
        for (int i = 0; i < FailedReads.MAX; i++) {
            failUntil(at(i), 1_000, 1_050);
        }
        failUntil(at(99), 1_050, 1_099);
        // From here on all count anew, and the last place was never told apart.
        failed.succeeded(at(98));
        failUntil(at(99), 1_109, 1_159);
        assertFalse(persist(1_159));
    }

    @Test
    void places_that_fail_no_more_make_room_for_others() {
        for (int i = 0; i < FailedReads.MAX; i++) {
            failed.failed(at(i), 1_000, APART);
        }
        failed.failed(at(99), 1_010, APART);
        failUntil(at(99), 1_011, 1_060);
        failed.succeeded(at(98));
        failUntil(at(99), 1_070, 1_110);
        assertFalse(persist(1_110), "at 1010 there was no room yet");
        failed.failed(at(99), 1_111, APART);
        assertTrue(persist(1_111), "it was told apart since 1011");
    }
}
