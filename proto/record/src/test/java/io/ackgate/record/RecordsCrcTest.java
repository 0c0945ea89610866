package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checksum of the records, told from the header of their batch. */
class RecordsCrcTest {
    private static ByteBuffer batch(long timestamp, long producer, int sequence, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64, 1 << 20);
        if (producer >= 0) {
            builder.producer(producer, (short) 3, sequence);
        }
        for (String value : values) {
            builder.append(timestamp, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    private static int crc(ByteBuffer batch) {
        return RecordBatch.recordsCrc(batch, batch.position());
    }

    @Test
    void the_tail_of_any_whole_is_told() {
        Random random = new Random(1);
        for (int length = 0; length < 700; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            int head = length == 0 ? 0 : random.nextInt(length + 1);
            ByteBuffer whole = ByteBuffer.wrap(bytes);
            assertEquals(
                    Crc32c.of(whole, head, length - head),
                    Crc32c.ofTail(
                            Crc32c.of(whole, 0, length), Crc32c.of(whole, 0, head), length - head));
        }
    }

    @Test
    void it_is_the_checksum_of_the_bytes_behind_the_header() {
        for (int size : new int[] {0, 1, 61, 4_096, 300_000}) {
            ByteBuffer batch = batch(77, 5, 9, "v".repeat(size), "w");
            assertEquals(
                    Crc32c.of(
                            batch,
                            batch.position() + RecordBatch.RECORDS,
                            batch.remaining() - RecordBatch.RECORDS),
                    crc(batch));
        }
    }

    @Test
    void it_is_that_of_the_records_whatever_the_header_says() {
        int wanted = crc(batch(1, 5, 9, "a", "b"));
        assertEquals(wanted, crc(batch(2, 5, 9, "a", "b")), "another time of arrival");
        assertEquals(wanted, crc(batch(1, 6, 12, "a", "b")), "another producer and sequence");
        assertEquals(wanted, crc(batch(1, -1, 0, "a", "b")), "no producer");
        ByteBuffer stamped = batch(1, 5, 9, "a", "b");
        stamped.putLong(stamped.position(), 1234).putInt(stamped.position() + 12, 7);
        assertEquals(wanted, crc(stamped), "stamped with offset and epoch");
        assertNotEquals(wanted, crc(batch(1, 5, 9, "a", "c")));
        assertNotEquals(wanted, crc(batch(1, 5, 9, "b", "a")));
        assertNotEquals(wanted, crc(batch(1, 5, 9, "ab")));
    }
}
