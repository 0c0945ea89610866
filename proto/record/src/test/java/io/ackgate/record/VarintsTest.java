package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

class VarintsTest {
    @Test
    void around_every_power_of_two_as_kafka_writes_them() {
        for (int shift = 0; shift < Long.SIZE; shift++) {
            for (int near = -2; near <= 2; near++) {
                long value = (1L << shift) + near;
                assertLong(value);
                assertLong(-value);
                assertInt((int) value);
                assertInt((int) -value);
            }
        }
    }

    private static void assertLong(long value) {
        ByteBuffer ours = ByteBuffer.allocate(12);
        ByteBuffer theirs = ByteBuffer.allocate(12);
        ByteUtils.writeVarlong(value, theirs);
        assertEquals(theirs.position(), Varints.put(ours, 0, value));
        assertEquals(theirs.position(), Varints.size(value));
        assertEquals(theirs.rewind(), ours, () -> "of " + value);
    }

    private static void assertInt(int value) {
        ByteBuffer ours = ByteBuffer.allocate(12);
        ByteBuffer theirs = ByteBuffer.allocate(12);
        ByteUtils.writeVarint(value, theirs);
        assertEquals(theirs.position(), Varints.put(ours, 0, value));
        assertEquals(theirs.position(), Varints.size(value));
        assertEquals(theirs.rewind(), ours, () -> "of " + value);
    }

    @Test
    void the_greatest_distance_between_timestamps_is_read_back() throws Exception {
        byte[] none = {};
        List<SampleRecord> records =
                List.of(
                        new SampleRecord(Long.MAX_VALUE, none, none, List.of()),
                        new SampleRecord(0, none, none, List.of()),
                        new SampleRecord(1L << 62, none, none, List.of()));
        ByteBuffer batch = Samples.build(records);
        assertEquals(SampleRecord.texts(records, 0), Samples.read(batch));
        assertEquals(SampleRecord.texts(records, 0), KafkaBatches.read(KafkaBatches.only(batch)));
    }
}
