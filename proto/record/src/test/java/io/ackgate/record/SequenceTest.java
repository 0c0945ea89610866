package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.junit.jupiter.api.Test;

class SequenceTest {
    private static final int MAX = Integer.MAX_VALUE;

    @Test
    void wraps_after_the_greatest() {
        assertEquals(MAX, Sequence.incrementSequence(MAX - 1, 1));
        assertEquals(0, Sequence.incrementSequence(MAX, 1));
        assertEquals(MAX - 1, Sequence.incrementSequence(MAX, MAX));
        assertEquals(5, Sequence.lastSequence(5, 1));
        assertEquals(MAX, Sequence.lastSequence(MAX, 1));
        assertEquals(0, Sequence.lastSequence(MAX, 2));
    }

    @Test
    void agrees_with_kafka() {
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            int sequence = random.nextInt(10) == 0 ? MAX - random.nextInt(3) : next(random);
            int distance = random.nextInt(10) == 0 ? random.nextInt(5) : next(random);
            assertEquals(
                    DefaultRecordBatch.incrementSequence(sequence, distance),
                    Sequence.incrementSequence(sequence, distance));
        }
    }

    private static int next(Random random) {
        return random.nextInt() & MAX;
    }

    @Test
    void refuses_what_is_no_sequence() {
        assertThrows(IllegalArgumentException.class, () -> Sequence.incrementSequence(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> Sequence.incrementSequence(1, -1));
        assertThrows(IllegalArgumentException.class, () -> Sequence.lastSequence(1, 0));
    }
}
