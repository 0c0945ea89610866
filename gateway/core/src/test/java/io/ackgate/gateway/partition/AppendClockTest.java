package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AppendClockTest {
    private static final long DAY = 86_400_000;

    private final AppendClock clock = new AppendClock();

    @Test
    void aWallClockThatJumpsMovesNothing() {
        assertEquals(5_000, clock.millis(5_000, 1_000_000));
        assertEquals(5_002, clock.millis(5_000 + 8 * DAY, 3_000_000));
        assertEquals(5_003, clock.millis(0, 4_999_999));
    }

    @Test
    void noOwnerIsBehindTheOneBefore() {
        clock.notBefore(9_000);
        clock.notBefore(8_000);
        assertEquals(9_000, clock.millis(5_000, 0));
        assertEquals(9_001, clock.millis(5_000, 1_000_000));
    }
}
