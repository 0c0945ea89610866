package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.leading.AppendClock;
import org.junit.jupiter.api.Test;

class AppendClockTest {
    private static final long DAY = 86_400_000;
    private static final long HOUR = 3_600_000;

    private final AppendClock clock = new AppendClock();

    @Test
    void a_wall_clock_that_jumps_moves_nothing() {
        assertEquals(5_000, clock.millis(5_000, 1_000_000));
        assertEquals(5_002, clock.millis(5_000 + 8 * DAY, 3_000_000));
        assertEquals(5_003, clock.millis(0, 4_999_999));
    }

    @Test
    void no_owner_is_behind_the_one_before() {
        clock.notBefore(9_000);
        clock.notBefore(8_000);
        assertEquals(9_000, clock.millis(5_000, 0));
        assertEquals(9_001, clock.millis(5_000, 1_000_000));
    }

    /** An epoch begins with a wall clock that is so far ahead of the log. */
    private void begins(long logMillis, long aheadMillis) {
        clock.notBefore(logMillis);
        assertEquals(logMillis, clock.millis(logMillis + aheadMillis, 0));
    }

    private long after(long millis, long wallMillis) {
        return clock.millis(wallMillis, millis * 1_000_000);
    }

    @Test
    void a_wall_clock_that_is_near_the_log_is_taken_at_once() {
        clock.notBefore(DAY);
        long wall = DAY + AppendClock.TOLERANCE_MILLIS;
        assertEquals(wall, clock.millis(wall, 0));
    }

    @Test
    void where_nobody_is_known_any_wall_clock_is_taken() {
        assertEquals(8 * DAY, clock.millis(8 * DAY, 0));
    }

    @Test
    void a_wall_clock_that_is_far_ahead_of_the_log_counts_for_nothing_before_it_has_stood() {
        begins(DAY, 8 * DAY);
        long standing = AppendClock.STANDING_MILLIS;
        assertEquals(DAY + standing, after(standing, 9 * DAY + standing));
        assertEquals(DAY + standing + 2, after(standing + 1, 9 * DAY + standing + 1));
    }

    @Test
    void it_is_caught_up_with_at_twice_the_speed_of_time() {
        begins(DAY, DAY);
        assertEquals(2 * DAY, after(DAY / 2 + HOUR / 2, 2 * DAY + DAY / 2 + HOUR / 2));
        assertEquals(4 * DAY, after(2 * DAY, 4 * DAY), "and then it goes on like the wall clock");
        assertEquals(5 * DAY, after(3 * DAY, 90 * DAY), "which may jump again");
    }

    @Test
    void a_wall_clock_that_is_set_right_before_it_has_stood_never_counted() {
        begins(DAY, 8 * DAY);
        assertEquals(DAY + 1_000, after(1_000, DAY + 1_000));
        assertEquals(3 * DAY, after(2 * DAY, 11 * DAY));
    }

    @Test
    void what_was_caught_up_with_is_not_taken_back() {
        begins(DAY, 8 * DAY);
        assertEquals(DAY + 4 * HOUR + 3 * HOUR, after(4 * HOUR, 9 * DAY + 4 * HOUR));
        assertEquals(DAY + 5 * HOUR + 3 * HOUR, after(5 * HOUR, DAY + 5 * HOUR));
    }
}
