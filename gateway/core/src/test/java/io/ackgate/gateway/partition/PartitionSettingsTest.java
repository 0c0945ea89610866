package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Times by which a takeover could never end, or a disk would be judged by one read. */
class PartitionSettingsTest {
    private static PartitionSettings times(
            long grace, long patience, long lastResort, long timeout) {
        PartitionSettings of = PartitionSettings.DEFAULTS;
        return new PartitionSettings(
                of.minInsyncReplicas(),
                of.replica(),
                of.lagMaxNanos(),
                grace,
                patience,
                lastResort,
                timeout,
                of.casRetryNanos(),
                of.maxPendingBytes(),
                of.maxInFlightBytes(),
                of.maxReadBytes(),
                of.maxFetchBytes());
    }

    private static String refusal(long grace, long patience, long lastResort, long timeout) {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> times(grace, patience, lastResort, timeout));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void the_last_resort_is_between_the_patience_and_the_end_of_a_takeover() {
        assertEquals(3, times(1, 0, 2, 3).takeoverTimeoutNanos());
        assertEquals(3, times(1, 2, 2, 3).takeoverTimeoutNanos());
        String told = refusal(1, 2, 3, 3);
        assertEquals(
                "a fence patience of 2 ns, a last resort of 3 ns and a takeover timeout of 3 ns"
                        + " were given: give a patience of 0 ns or more, a last resort that is no"
                        + " less, and a timeout that is more than the last resort",
                told);
        refusal(1, 3, 2, 4);
        refusal(1, -1, 2, 4);
    }

    @Test
    void the_grace_of_a_disk_is_not_over_at_its_first_failure() {
        assertEquals(
                "a disconnect grace of 0 ns was given: give 1 ns or more", refusal(0, 1, 2, 3));
    }
}
