package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class AcksTest {
    @Test
    void each_is_read_as_it_is_written() {
        assertEquals(List.of("0", "1", "all"), Acks.texts());
        for (Acks acks : Acks.values()) {
            assertEquals(acks, Acks.of(acks.text()));
        }
    }

    @Test
    void all_is_minus_one_to_kafkas_producers() {
        assertEquals(Acks.ALL, Acks.of("-1"));
    }

    @Test
    void no_other_text_is_taken() {
        for (String text : List.of("", "2", "ALL", " 1", "leader")) {
            assertNull(Acks.of(text));
        }
    }
}
