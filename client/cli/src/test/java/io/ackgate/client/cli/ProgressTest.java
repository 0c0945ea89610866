package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The pace of work in words. */
class ProgressTest {
    @Test
    void how_fast_how_far_and_how_long() {
        assertEquals(", 1,000/s, 25 %, 1:30 left", Progress.pace(25, 100, 30_000, 30));
        assertEquals(", 1,000/s, 100 %, 0:00 left", Progress.pace(101, 100, 30_000, 30));
        assertEquals(", 1,000/s", Progress.pace(25, 0, 30_000, 30));
        assertEquals(", 0/s", Progress.pace(0, 100, 0, 1));
    }
}
