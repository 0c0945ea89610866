package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.record.FrameVerdict.Corrupt;
import io.ackgate.record.FrameVerdict.Defect;
import io.ackgate.record.FrameVerdict.Incomplete;
import io.ackgate.record.FrameVerdict.Ok;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchFrameTest {
    private static final long HIGH = 0x0123456789abcdefL;
    private static final long LOW = 0xfedcba9876543210L;

    private static ByteBuffer batch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.append(1_000, Samples.utf8("key"), Samples.utf8("value"));
        builder.append(2_000, null, Samples.utf8("another"));
        builder.producer(17, (short) 4, 900);
        return builder.build();
    }

    private static ByteBuffer frame() {
        ByteBuffer frame = Samples.withHeadRoom(batch());
        BatchFrame.stampInPlace(frame, HIGH, LOW, 6, 5_000_000_000L, 21, 6);
        return frame;
    }

    @Test
    void tells_what_was_stamped() {
        ByteBuffer buffer = ByteBuffer.allocate(500);
        ByteBuffer frame = frame();
        buffer.put(100, frame, 0, frame.limit());
        assertEquals(new Ok(frame.limit()), BatchFrame.verify(buffer, 100));
        assertEquals(frame.limit(), BatchFrame.frameLength(buffer, 100));
        assertEquals(HIGH, BatchFrame.topicIdHigh(buffer, 100));
        assertEquals(LOW, BatchFrame.topicIdLow(buffer, 100));
        assertEquals(6, BatchFrame.partition(buffer, 100));
        assertEquals(5_000_000_000L, BatchFrame.baseOffset(buffer, 100));
        assertEquals(5_000_000_001L, BatchFrame.lastOffset(buffer, 100));
        assertEquals(21, BatchFrame.leaderEpoch(buffer, 100));
        assertEquals(6, BatchFrame.appendMillis(buffer, 100));
        assertEquals(17, BatchFrame.producerId(buffer, 100));
        assertEquals(4, BatchFrame.producerEpoch(buffer, 100));
        assertEquals(900, BatchFrame.baseSequence(buffer, 100));
        assertEquals(2, BatchFrame.recordsCount(buffer, 100));
        assertEquals(140, BatchFrame.batchPosition(100));
        assertEquals(RecordBatch.crc(batch(), 0), RecordBatch.crc(buffer, 140));
        assertEquals(0, buffer.position());
        assertEquals(500, buffer.limit());
    }

    @Test
    void every_kind_of_buffer_is_read() {
        ByteBuffer frame = frame();
        ByteBuffer direct = ByteBuffer.allocateDirect(frame.limit() + 7);
        direct.put(7, frame, 0, frame.limit());
        ByteBuffer sliced = direct.slice(7, frame.limit());
        for (ByteBuffer each :
                List.of(frame.asReadOnlyBuffer(), sliced, sliced.asReadOnlyBuffer())) {
            assertEquals(new Ok(frame.limit()), BatchFrame.verify(each, 0));
        }
        assertEquals(new Ok(frame.limit()), BatchFrame.verify(direct, 7));
    }

    @Test
    void every_part_of_the_identity_counts() {
        ByteBuffer batch = batch();
        int crc = stampedCrc(batch, HIGH, LOW, 6, 5_000_000_000L, 21);
        assertEquals(crc, stampedCrc(batch, HIGH, LOW, 6, 5_000_000_000L, 21));
        assertNotEquals(crc, stampedCrc(batch, HIGH + 1, LOW, 6, 5_000_000_000L, 21));
        assertNotEquals(crc, stampedCrc(batch, HIGH, LOW + 1, 6, 5_000_000_000L, 21));
        assertNotEquals(crc, stampedCrc(batch, HIGH, LOW, 7, 5_000_000_000L, 21));
        assertNotEquals(crc, stampedCrc(batch, HIGH, LOW, 6, 5_000_000_001L, 21));
        assertNotEquals(crc, stampedCrc(batch, HIGH, LOW, 6, 5_000_000_000L, 22));
        ByteBuffer otherRecords =
                Samples.changed(batch, bytes -> bytes.put(70, (byte) (bytes.get(70) + 1)));
        assertNotEquals(crc, stampedCrc(otherRecords, HIGH, LOW, 6, 5_000_000_000L, 21));
        ByteBuffer otherProducer = Samples.changed(batch, bytes -> bytes.putLong(43, 18));
        assertNotEquals(crc, stampedCrc(otherProducer, HIGH, LOW, 6, 5_000_000_000L, 21));
    }

    private static int stampedCrc(
            ByteBuffer batch, long high, long low, int partition, long offset, int epoch) {
        ByteBuffer frame = Samples.withHeadRoom(batch);
        BatchFrame.stampInPlace(frame, high, low, partition, offset, epoch, 6);
        return BatchFrame.frameCrc(frame, 0);
    }

    @Test
    void stamping_again_gives_the_frame_of_the_new_place() {
        ByteBuffer again = Samples.withHeadRoom(batch());
        BatchFrame.stampInPlace(again, 1, 2, 3, 4, 5, 6);
        BatchFrame.stampInPlace(again, HIGH, LOW, 6, 5_000_000_000L, 21, 6);
        assertEquals(frame(), again);
    }

    @Test
    void every_flipped_bit_and_every_two_are_found() {
        ByteBuffer frame = frame();
        int bits = frame.limit() * 8;
        for (int one = 0; one < bits; one++) {
            flip(frame, one);
            assertCorrupt(frame, one, one);
            for (int two = one + 1; two < bits; two++) {
                flip(frame, two);
                assertCorrupt(frame, one, two);
                flip(frame, two);
            }
            flip(frame, one);
        }
        assertEquals(new Ok(frame.limit()), BatchFrame.verify(frame, 0));
    }

    private static void flip(ByteBuffer buffer, int bit) {
        buffer.put(bit / 8, (byte) (buffer.get(bit / 8) ^ (0x80 >>> (bit % 8))));
    }

    private static void assertCorrupt(ByteBuffer frame, int one, int two) {
        if (!(BatchFrame.verify(frame, 0) instanceof Corrupt)) {
            throw new AssertionError("bits " + one + " and " + two + " go unseen");
        }
    }

    @Test
    void a_flipped_bit_of_the_head_is_found_without_the_records() {
        ByteBuffer frame = frame();
        for (int bit = 0; bit < frame.limit() * 8; bit++) {
            flip(frame, bit);
            ByteBuffer head = frame.slice(0, 101);
            FrameVerdict header = BatchFrame.verifyHeader(head, 0);
            if (bit < 101 * 8) {
                assertInstanceOf(Corrupt.class, header, "bit " + bit);
            } else {
                assertEquals(new Ok(frame.limit()), header, "bit " + bit);
            }
            flip(frame, bit);
        }
    }

    @Test
    void a_scan_tells_a_cut_tail_from_corruption() {
        ByteBuffer one = frame();
        int length = one.limit();
        ByteBuffer file = ByteBuffer.allocate(3 * length);
        for (int i = 0; i < 3; i++) {
            file.put(i * length, one, 0, length);
        }
        for (int cut = 0; cut <= file.capacity(); cut++) {
            file.limit(cut);
            int position = 0;
            while (BatchFrame.verify(file, position) instanceof Ok(int frameLength)) {
                position += frameLength;
            }
            assertEquals(cut / length * length, position, "whole frames of " + cut + " bytes");
            int tail = cut - position;
            assertEquals(
                    new Incomplete(tail < 101 ? 101 : length),
                    BatchFrame.verify(file, position),
                    "tail of " + tail + " bytes");
        }
    }

    @Test
    void a_changed_length_is_not_taken_for_a_cut_tail() {
        for (int cut = 101; cut <= frame().limit(); cut++) {
            for (int bit = 0; bit < 101 * 8; bit++) {
                ByteBuffer frame = frame().limit(cut);
                flip(frame, bit);
                assertInstanceOf(
                        Corrupt.class, BatchFrame.verify(frame, 0), "cut " + cut + " bit " + bit);
            }
        }
    }

    @Test
    void what_is_no_frame_is_named_so() {
        assertEquals(Defect.NOT_A_FRAME, defect(ByteBuffer.allocate(4096)));
        assertEquals(Defect.NOT_A_FRAME, defect(ByteBuffer.allocate(1)));
        assertEquals(Defect.NOT_A_FRAME, defect(ByteBuffer.wrap(new byte[] {(byte) 0xA6, 0})));
        assertEquals(Defect.UNSUPPORTED_VERSION, defect(frame().put(2, (byte) 3)));
        assertEquals(Defect.UNSUPPORTED_FLAGS, defect(frame().put(3, (byte) 1)));
        assertEquals(Defect.HEADER_CRC, defect(frame().put(24, (byte) 1)));
        assertEquals(Defect.HEADER_CRC, defect(frame().put(28, (byte) 1)));
        assertEquals(Defect.BATCH_CRC, defect(frame().put(101, (byte) 1)));
    }

    @Test
    void headers_that_contradict_each_other_are_not_believed() {
        for (int length :
                new int[] {Integer.MIN_VALUE, -1, 0, 39, 100, 101, 4096, Integer.MAX_VALUE}) {
            assertEquals(Defect.CONTRADICTION, defect(rechecked(frame().putInt(4, length))));
            assertEquals(Defect.CONTRADICTION, defect(rechecked(frame().putInt(48, length))));
        }
        // Both lengths agree and neither leaves room for the header that holds them.
        assertEquals(
                Defect.CONTRADICTION, defect(rechecked(frame().putInt(4, 100).putInt(48, 48))));
        assertEquals(Defect.CONTRADICTION, defect(rechecked(frame().put(56, (byte) 1))));
        ByteBuffer greatest =
                rechecked(frame().putInt(4, Integer.MAX_VALUE).putInt(48, Integer.MAX_VALUE - 52));
        assertEquals(new Incomplete(Integer.MAX_VALUE), BatchFrame.verify(greatest, 0));
    }

    private static Defect defect(ByteBuffer bytes) {
        return assertInstanceOf(Corrupt.class, BatchFrame.verify(bytes, 0)).defect();
    }

    /** Makes the frame's checksum right again, as a writer with a bug would. */
    private static ByteBuffer rechecked(ByteBuffer frame) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(frame.slice(0, 28));
        crc.update(frame.slice(32, 69));
        return frame.putInt(28, (int) crc.getValue());
    }

    @Test
    void chance_bytes_never_throw_and_never_pass() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (bytes.length >= 4 && random.nextInt(10) > 0) {
                buffer.putInt(0, 0xA6A70200);
            }
            if (BatchFrame.verify(buffer, 0) instanceof Ok
                    || BatchFrame.verifyHeader(buffer, 0) instanceof Ok) {
                throw new AssertionError(SampleRecord.hex(bytes));
            }
        }
    }

    @Test
    void refuses_to_stamp_what_is_a_bug_of_the_caller() {
        assertRefused(Samples.withHeadRoom(batch()), -1, 0, 0);
        assertRefused(Samples.withHeadRoom(batch()), 0, -1, 0);
        assertRefused(Samples.withHeadRoom(batch()), 0, 0, -1);
        assertRefused(Samples.withHeadRoom(batch()).order(ByteOrder.LITTLE_ENDIAN), 0, 0, 0);
        assertRefused(Samples.withHeadRoom(batch()).limit(108), 0, 0, 0);
        assertRefused(Samples.withHeadRoom(batch()).limit(48), 0, 0, 0);
        assertRefused(Samples.withHeadRoom(batch()).put(56, (byte) 1), 0, 0, 0);
        assertRefused(Samples.withHeadRoom(batch()).putInt(48, 1), 0, 0, 0);
        assertThrows(
                IllegalArgumentException.class,
                () -> BatchFrame.verify(frame().order(ByteOrder.LITTLE_ENDIAN), 0));
    }

    private static void assertRefused(ByteBuffer frame, int partition, long offset, int epoch) {
        byte[] before = SampleRecord.bytes(frame.duplicate().clear());
        assertThrows(
                IllegalArgumentException.class,
                () -> BatchFrame.stampInPlace(frame, HIGH, LOW, partition, offset, epoch, 6));
        assertArrayEquals(before, SampleRecord.bytes(frame.duplicate().clear()), "untouched");
    }
}
