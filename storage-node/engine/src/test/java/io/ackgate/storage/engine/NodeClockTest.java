package io.ackgate.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A wall clock that jumps is not believed before its jump has stood. */
class NodeClockTest {
    private static final long START = 1_750_000_000_000L;
    private static final long DAY = 86_400_000;

    private long wall = START;
    private long nanos = -5;

    private NodeClock clock(long lastKnownMillis) {
        return new NodeClock(() -> wall, () -> nanos, lastKnownMillis);
    }

    private void passes(long millis) {
        wall += millis;
        nanos += millis * 1_000_000;
    }

    private static void assertTime(long earliest, long latest, NodeTime time) {
        assertEquals(earliest, time.earliestMillis());
        assertEquals(latest, time.latestMillis());
    }

    @Test
    void a_clock_that_is_set_right_by_little_is_followed() {
        NodeClock clock = clock(NodeClock.UNKNOWN);
        for (int i = 0; i < 100; i++) {
            passes(1_000);
            wall += i % 2 == 0 ? NodeClock.TOLERANCE_MILLIS : -NodeClock.TOLERANCE_MILLIS;
            assertTime(wall, wall, clock.now());
            assertEquals(0, clock.jumpMillis());
        }
    }

    @Test
    void a_jump_forward_and_back_again_was_never_believed() {
        NodeClock clock = clock(NodeClock.UNKNOWN);
        wall += 8 * DAY;
        for (int minute = 0; minute < 59; minute++) {
            passes(60_000);
            assertTime(wall - 8 * DAY, wall, clock.now());
            assertEquals(8 * DAY, clock.jumpMillis());
        }
        wall -= 8 * DAY;
        passes(60_000);
        assertTime(wall, wall, clock.now());
        assertEquals(0, clock.jumpMillis());
    }

    @Test
    void a_jump_back_lets_time_go_on() {
        NodeClock clock = clock(NodeClock.UNKNOWN);
        wall -= DAY;
        passes(1_000);
        assertTime(wall, wall + DAY, clock.now());
        assertEquals(-DAY, clock.jumpMillis());
    }

    @Test
    void what_has_stood_is_believed() {
        NodeClock clock = clock(NodeClock.UNKNOWN);
        wall += DAY;
        clock.now();
        passes(NodeClock.STANDING_MILLIS - 1);
        assertTime(wall - DAY, wall, clock.now());
        passes(1);
        assertTime(wall, wall, clock.now());
        passes(1_000);
        assertTime(wall, wall, clock.now());
    }

    @Test
    void another_jump_has_to_stand_for_itself() {
        NodeClock clock = clock(NodeClock.UNKNOWN);
        wall += DAY;
        clock.now();
        passes(NodeClock.STANDING_MILLIS - 1);
        wall += DAY;
        clock.now();
        passes(NodeClock.STANDING_MILLIS - 1);
        assertTime(wall - 2 * DAY, wall, clock.now());
        passes(1);
        assertTime(wall, wall, clock.now());
    }

    @Test
    void a_start_believes_what_is_near_the_last_checkpoint_and_nothing_else() {
        assertTime(wall, wall, clock(START - DAY).now());
        assertTime(wall, wall, clock(START + DAY).now());
        assertTime(START - DAY - 1, wall, clock(START - DAY - 1).now());
        assertTime(wall, START + DAY + 1, clock(START + DAY + 1).now());
        NodeClock clock = clock(START - 8 * DAY);
        clock.now();
        passes(NodeClock.STANDING_MILLIS);
        assertTime(wall, wall, clock.now());
    }
}
