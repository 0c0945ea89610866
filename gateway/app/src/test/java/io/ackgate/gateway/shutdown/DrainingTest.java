package io.ackgate.gateway.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainingTest {
    private final Draining draining = new Draining();
    private final List<String> ended = new ArrayList<>();

    @Test
    void everything_is_taken_while_it_leaves_and_nothing_new_when_it_closes() {
        assertFalse(draining.isLeaving());
        draining.leave();
        assertTrue(draining.isLeaving());
        assertFalse(draining.isClosing());
        draining.close();
        assertTrue(draining.isLeaving());
        assertTrue(draining.isClosing());
    }

    @Test
    void what_would_not_end_is_ended_once() {
        draining.onClosing(() -> ended.add("a"));
        draining.leave();
        assertEquals(List.of(), ended);
        draining.close();
        draining.close();
        assertEquals(List.of("a"), ended);
    }

    @Test
    void what_has_ended_by_itself_is_left_alone() {
        Runnable one = () -> ended.add("one of two that are alike");
        Runnable forget = draining.onClosing(one);
        draining.onClosing(one);
        forget.run();
        draining.close();
        assertEquals(List.of("one of two that are alike"), ended);
    }

    @Test
    void what_begins_too_late_is_ended_at_once() {
        draining.close();
        draining.onClosing(() -> ended.add("late"));
        assertEquals(List.of("late"), ended);
    }
}
