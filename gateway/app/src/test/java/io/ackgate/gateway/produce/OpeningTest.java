package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Calls;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits to be opened is bounded, and room comes back. */
class OpeningTest {
    private final Opening opening = new Opening();
    private final CountDownLatch hold = new CountDownLatch(1);

    @AfterEach
    void end() {
        hold.countDown();
        opening.end();
    }

    private void waitForHold() {
        try {
            hold.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void what_has_no_room_is_not_run() {
        assertTrue(opening.run(Opening.MAX_BYTES - 10, this::waitForHold));
        assertTrue(opening.run(10, this::waitForHold));
        assertFalse(
                opening.run(
                        1,
                        () -> {
                            throw new AssertionError("it has no room");
                        }));
        assertEquals(Opening.MAX_BYTES, opening.bytes());
        hold.countDown();
        Calls.await(() -> opening.bytes() == 0);
        assertTrue(opening.run(1, () -> {}));
    }
}
