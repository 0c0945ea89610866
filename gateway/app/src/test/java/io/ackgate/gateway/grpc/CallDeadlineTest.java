package io.ackgate.gateway.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What callers say of their patience. */
class CallDeadlineTest {
    /** So that times that pass the end of a long are met. */
    private static final long NOW = Long.MAX_VALUE - 5;

    private static int left(String header) {
        CallDeadline deadline = CallDeadline.of(header, NOW);
        assertNotNull(deadline);
        return deadline.leftMillis(NOW);
    }

    @Test
    void an_answer_is_to_be_there_before_nobody_waits_for_it() {
        assertEquals(950, left("1S"));
        assertEquals(95, left("100000u"));
        assertEquals(950, left("1000m"));
        assertEquals(9_500, left("10S"));
        assertEquals(59_500, left("1M"));
        assertEquals(3_599_500, left("1H"));
        assertEquals(19, left("20000000n"));
    }

    @Test
    void whoever_hardly_waits_is_served_all_the_same() {
        assertEquals(1, left("1m"));
        assertEquals(1, left("0m"));
        assertEquals(1, left("1n"));
    }

    @Test
    void whoever_waits_for_ever_has_a_deadline_that_is_far() {
        assertEquals(Integer.MAX_VALUE, left("99999999H"));
    }

    @Test
    void what_is_no_time_is_none() {
        for (String header : List.of("", "S", "1", "1s", "-1S", "123456789S", "1 S", "0x1S")) {
            assertNull(CallDeadline.of(header, NOW), header);
        }
    }
}
