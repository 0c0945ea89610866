package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.SampleRecord.SampleHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordBatchBuilderTest {
    private static final byte[] BYTES = Samples.utf8("0123456789");

    @Test
    void null_and_empty_stay_apart() throws Exception {
        byte[] empty = {};
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1000);
        builder.append(5, null, empty);
        builder.append(5, empty, null);
        builder.append(5, (ByteBuffer) null, ByteBuffer.allocate(0), RecordHeaders.NONE);
        builder.append(5, ByteBuffer.allocate(0), null, RecordHeaders.NONE);
        assertEquals(
                List.of(
                        "0 @5 null -> '' {}",
                        "1 @5 '' -> null {}",
                        "2 @5 null -> '' {}",
                        "3 @5 '' -> null {}"),
                Samples.read(builder.build()));
    }

    @Test
    void slices_are_copied_and_left_alone() throws Exception {
        ByteBuffer slice = ByteBuffer.wrap(BYTES).position(2).limit(5);
        ByteBuffer direct = ByteBuffer.allocateDirect(10).put(BYTES).position(7).limit(9).slice();
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1000);
        RecordHeaders headers = new RecordHeaders().add(slice, direct.asReadOnlyBuffer());
        builder.append(5, slice.asReadOnlyBuffer(), direct, headers);
        assertEquals(2, slice.position());
        assertEquals(0, direct.position());
        assertEquals(
                List.of(
                        new SampleRecord(
                                        5,
                                        Samples.utf8("234"),
                                        Samples.utf8("78"),
                                        List.of(new SampleHeader("234", Samples.utf8("78"))))
                                .text(0)),
                Samples.read(builder.build()));
    }

    @Test
    void a_refused_record_changes_nothing() throws Exception {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 100);
        // 61 + 17 bytes; the next one of the same shape would make 95, then 112.
        assertTrue(builder.append(5, null, BYTES));
        assertEquals(78, builder.sizeInBytes());
        assertFalse(builder.append(9, new byte[6], BYTES), "101 bytes");
        assertEquals(78, builder.sizeInBytes());
        assertEquals(1, builder.recordCount());
        assertTrue(builder.append(7, new byte[5], BYTES), "100 bytes");
        assertEquals(100, builder.sizeInBytes());
        assertFalse(builder.append(9, null, null));
        ByteBuffer batch = builder.build();
        assertEquals(7, RecordBatch.maxTimestamp(batch, 0), "not that of what was refused");
        assertEquals(
                List.of(
                        "0 @5 null -> '30313233343536373839' {}",
                        "1 @7 '0000000000' -> '30313233343536373839' {}"),
                Samples.read(batch));
    }

    @Test
    void a_record_that_fits_into_no_batch_is_refused_by_an_empty_one() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 100);
        assertFalse(builder.append(5, null, new byte[40]));
        assertEquals(0, builder.recordCount());
        assertThrows(IllegalStateException.class, builder::build);
        assertTrue(builder.append(6, null, new byte[20]));
        assertEquals(6, RecordBatch.baseTimestamp(builder.build(), 0));
    }

    @Test
    void growth_keeps_what_is_there_for_every_size() throws Exception {
        for (int length = 0; length < 600; length++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(length, Samples.ENOUGH);
            SampleRecord record = new SampleRecord(length, BYTES, new byte[length], List.of());
            Samples.appendAll(builder, List.of(record, record, record));
            ByteBuffer batch = builder.build();
            assertEquals(
                    SampleRecord.texts(List.of(record, record, record), 0), Samples.read(batch));
            assertInstanceOf(
                    BatchVerdict.Valid.class,
                    BatchValidator.validate(batch, Samples.ENOUGH, Long.MAX_VALUE));
        }
    }

    @Test
    void a_built_batch_is_never_written_to_again() {
        RecordBatchBuilder builder = new RecordBatchBuilder(500, 1000);
        builder.append(5, null, BYTES);
        ByteBuffer first = builder.build();
        byte[] before = SampleRecord.bytes(first);
        assertThrows(IllegalStateException.class, () -> builder.append(5, null, BYTES));
        assertThrows(IllegalStateException.class, builder::build);
        assertThrows(IllegalStateException.class, () -> builder.producer(1, (short) 1, 1));
        builder.reset();
        builder.append(99, BYTES, null);
        ByteBuffer second = builder.build();
        assertEquals(ByteBuffer.wrap(before), first);
        assertEquals(99, RecordBatch.maxTimestamp(second, 0));
    }

    @Test
    void a_reset_forgets_everything_of_the_batch_before() {
        RecordBatchBuilder builder = new RecordBatchBuilder(500, 1000);
        builder.append(50, null, BYTES);
        builder.producer(1, (short) 2, 3);
        builder.reset();
        builder.append(20, BYTES, BYTES);
        RecordBatchBuilder fresh = new RecordBatchBuilder(0, 1000);
        fresh.append(20, BYTES, BYTES);
        assertEquals(fresh.build(), builder.build());
    }

    @Test
    void a_buffer_of_the_callers_is_filled_in_place_and_never_left() {
        ByteBuffer target = ByteBuffer.allocateDirect(300).position(100).limit(258);
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.reset(target);
        // 158 bytes less 40 of head room and 61 of header leave 57: three records of 17.
        assertTrue(builder.append(5, null, BYTES));
        assertTrue(builder.append(5, null, BYTES));
        assertTrue(builder.append(5, null, BYTES));
        assertFalse(builder.append(5, null, BYTES));
        ByteBuffer frame = builder.buildWithHeadRoom();
        assertEquals(100, target.position());
        BatchFrame.stampInPlace(frame, 1, 2, 3, 4, 5, 6);
        assertEquals(new FrameVerdict.Ok(152), BatchFrame.verify(target, 100));
        assertEquals(ByteBuffer.allocate(100), target.slice(0, 100), "before it");
        assertEquals(ByteBuffer.allocate(6), target.slice(252, 6), "behind it");
        builder.reset();
        assertTrue(builder.append(5, null, new byte[1000]), "its own buffer again");
    }

    @Test
    void refuses_what_is_a_bug_of_the_caller() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1000);
        assertThrows(IllegalArgumentException.class, () -> builder.append(-1, null, BYTES));
        assertThrows(IllegalArgumentException.class, () -> builder.producer(-1, (short) 0, 0));
        assertThrows(IllegalArgumentException.class, () -> builder.producer(0, (short) -1, 0));
        assertThrows(IllegalArgumentException.class, () -> builder.producer(0, (short) 0, -1));
        assertThrows(IllegalArgumentException.class, () -> builder.reset(ByteBuffer.allocate(92)));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.reset(ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN)));
        assertThrows(IllegalArgumentException.class, () -> new RecordBatchBuilder(-1, 1000));
        assertThrows(IllegalArgumentException.class, () -> new RecordBatchBuilder(0, 60));
        assertThrows(IllegalStateException.class, () -> RecordHeaders.NONE.add("key", BYTES));
    }

    @Test
    void headers_are_forgotten_on_clear() throws Exception {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 100; i++) {
            headers.add("key", BYTES);
        }
        assertEquals(100, headers.count());
        headers.clear();
        headers.add("k", null);
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1000);
        builder.append(5, new byte[0], null, headers);
        assertEquals(List.of("0 @5 '' -> null {k=null}"), Samples.read(builder.build()));
    }
}
