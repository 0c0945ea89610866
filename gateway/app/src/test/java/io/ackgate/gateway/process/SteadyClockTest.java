package io.ackgate.gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final long MILLIS = 1_000_000;

    private final AtomicLong wall = new AtomicLong(10_000);
    private final AtomicLong nanos = new AtomicLong(-50 * MILLIS);
    private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

    @Test
    void it_goes_with_the_wall_clock() {
        wall.addAndGet(7);
        nanos.addAndGet(7 * MILLIS);
        assertEquals(10_007, clock.millis());
    }

    @Test
    void a_clock_that_is_set_forward_makes_nothing_old() {
        wall.addAndGet(8L * 86_400_000);
        nanos.addAndGet(20 * MILLIS);
        assertEquals(10_020, clock.millis());
    }

    @Test
    void a_clock_that_is_set_back_is_followed() {
        wall.addAndGet(-3_000);
        nanos.addAndGet(20 * MILLIS);
        assertEquals(7_000, clock.millis());
    }
}
