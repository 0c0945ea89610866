package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.leading.AppendClock;
import org.junit.jupiter.api.Test;

class AppendClockTest {
    private static final long DAY = 86_400_000;
    private static final long HOUR = 3_600_000;

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

    /** An epoch begins with a wall clock that is so far ahead of the log. */
    private void begins(long logMillis, long aheadMillis) {
        clock.notBefore(logMillis);
        assertEquals(logMillis, clock.millis(logMillis + aheadMillis, 0));
    }

    private long after(long millis, long wallMillis) {
        return clock.millis(wallMillis, millis * 1_000_000);
    }

    @Test
    void aWallClockThatIsNearTheLogIsTakenAtOnce() {
        clock.notBefore(DAY);
        long wall = DAY + AppendClock.TOLERANCE_MILLIS;
        assertEquals(wall, clock.millis(wall, 0));
    }

    @Test
    void whereNobodyIsKnownAnyWallClockIsTaken() {
        assertEquals(8 * DAY, clock.millis(8 * DAY, 0));
    }

    @Test
    void aWallClockThatIsFarAheadOfTheLogCountsForNothingBeforeItHasStood() {
        begins(DAY, 8 * DAY);
        long standing = AppendClock.STANDING_MILLIS;
        assertEquals(DAY + standing, after(standing, 9 * DAY + standing));
        assertEquals(DAY + standing + 2, after(standing + 1, 9 * DAY + standing + 1));
    }

    @Test
    void itIsCaughtUpWithAtTwiceTheSpeedOfTime() {
        begins(DAY, DAY);
        assertEquals(2 * DAY, after(DAY / 2 + HOUR / 2, 2 * DAY + DAY / 2 + HOUR / 2));
        assertEquals(4 * DAY, after(2 * DAY, 4 * DAY), "and then it goes on like the wall clock");
        assertEquals(5 * DAY, after(3 * DAY, 90 * DAY), "which may jump again");
    }

    @Test
    void aWallClockThatIsSetRightBeforeItHasStoodNeverCounted() {
        begins(DAY, 8 * DAY);
        assertEquals(DAY + 1_000, after(1_000, DAY + 1_000));
        assertEquals(3 * DAY, after(2 * DAY, 11 * DAY));
    }

    @Test
    void whatWasCaughtUpWithIsNotTakenBack() {
        begins(DAY, 8 * DAY);
        assertEquals(DAY + 4 * HOUR + 3 * HOUR, after(4 * HOUR, 9 * DAY + 4 * HOUR));
        assertEquals(DAY + 5 * HOUR + 3 * HOUR, after(5 * HOUR, DAY + 5 * HOUR));
    }
}
