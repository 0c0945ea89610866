package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchVerdict.Invalid;
import io.ackgate.record.BatchVerdict.Reason;
import io.ackgate.record.BatchVerdict.Valid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchValidatorTest {
    private static final int FIRST_RECORD = 61;

    /** Two records of 15 bytes each: length, attributes, deltas, key, value, headers count. */
    private static ByteBuffer batch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.append(1_000, Samples.utf8("key"), Samples.utf8("value"));
        builder.append(1_010, Samples.utf8("kez"), Samples.utf8("walue"));
        return builder.build();
    }

    private static BatchVerdict verdict(ByteBuffer batch) {
        return BatchValidator.validate(batch, 91, 1_010);
    }

    @Test
    void takes_a_batch_at_every_bound() {
        ByteBuffer batch = batch();
        assertEquals(new Valid(2, 91, Compression.NONE), verdict(batch));
        ByteBuffer within = ByteBuffer.allocateDirect(200).put(50, batch, 0, 91);
        within.position(50).limit(141);
        assertEquals(new Valid(2, 91, Compression.NONE), verdict(within));
        assertEquals(50, within.position());
    }

    static List<Arguments> defects() {
        return List.of(
                defect("magic", Reason.MAGIC, b -> b.put(16, (byte) 1)),
                defect("length too small", Reason.LENGTH, b -> b.putInt(8, 78)),
                defect("length too great", Reason.LENGTH, b -> b.putInt(8, 80)),
                defect("length negative", Reason.LENGTH, b -> b.putInt(8, -1)),
                defect("compression 5", Reason.COMPRESSION, b -> b.putShort(21, (short) 5)),
                defect("compression 7", Reason.COMPRESSION, b -> b.putShort(21, (short) 7)),
                defect("append time", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x08)),
                defect("transactional", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x10)),
                defect("control", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x20)),
                defect("delete horizon", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x40)),
                defect("unknown bit 7", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x80)),
                defect("unknown bit 15", Reason.ATTRIBUTES, b -> b.putShort(21, (short) 0x8000)),
                defect("no record", Reason.RECORD_COUNT, b -> b.putInt(57, 0).putInt(23, -1)),
                defect("count negative", Reason.RECORD_COUNT, b -> b.putInt(57, -2)),
                defect("count too great", Reason.RECORD_COUNT, b -> b.putInt(57, 3)),
                defect("delta too great", Reason.RECORD_COUNT, b -> b.putInt(23, 2)),
                defect("a record too many", Reason.RECORD, b -> b.putInt(57, 3).putInt(23, 2)),
                defect("a record too few", Reason.RECORD, b -> b.putInt(57, 1).putInt(23, 0)),
                defect("base time negative", Reason.TIMESTAMP, b -> b.putLong(27, -1)),
                defect("base after max", Reason.TIMESTAMP, b -> b.putLong(27, 1_011)),
                defect("max too great", Reason.TIMESTAMP, b -> b.putLong(35, 1_011)),
                defect("max too small", Reason.TIMESTAMP, b -> b.putLong(35, 1_009)),
                defect("base moved", Reason.TIMESTAMP, b -> b.putLong(27, 999)),
                defect(
                        "record before 1970",
                        Reason.TIMESTAMP,
                        // Delta -64 of the second record with base 63 is one too few.
                        b -> b.putLong(27, 63).putLong(35, 63).put(FIRST_RECORD + 17, (byte) 127)),
                defect("record length 0", Reason.RECORD, b -> b.put(FIRST_RECORD, (byte) 0)),
                defect("record length -1", Reason.RECORD, b -> b.put(FIRST_RECORD, (byte) 1)),
                defect("record length short", Reason.RECORD, b -> b.put(FIRST_RECORD, (byte) 26)),
                defect("record length long", Reason.RECORD, b -> b.put(FIRST_RECORD, (byte) 126)),
                defect("record attributes", Reason.RECORD, b -> b.put(FIRST_RECORD + 1, (byte) 1)),
                defect("offset delta 1", Reason.RECORD, b -> b.put(FIRST_RECORD + 3, (byte) 2)),
                defect("second delta 0", Reason.RECORD, b -> b.put(FIRST_RECORD + 18, (byte) 0)),
                defect("key length -2", Reason.RECORD, b -> b.put(FIRST_RECORD + 4, (byte) 3)),
                defect("key length 60", Reason.RECORD, b -> b.put(FIRST_RECORD + 4, (byte) 120)),
                defect("value length -2", Reason.RECORD, b -> b.put(FIRST_RECORD + 8, (byte) 3)),
                defect("value length 6", Reason.RECORD, b -> b.put(FIRST_RECORD + 8, (byte) 12)),
                defect("value length 4", Reason.RECORD, b -> b.put(FIRST_RECORD + 8, (byte) 8)),
                defect("headers -1", Reason.RECORD, b -> b.put(FIRST_RECORD + 14, (byte) 1)),
                defect("headers 1", Reason.RECORD, b -> b.put(FIRST_RECORD + 14, (byte) 2)));
    }

    private static Arguments defect(String name, Reason reason, Consumer<ByteBuffer> change) {
        return Arguments.of(name, reason, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void refuses(String name, Reason reason, Consumer<ByteBuffer> change) {
        ByteBuffer changed = Samples.changed(batch(), change);
        assertEquals(reason, assertInstanceOf(Invalid.class, verdict(changed), name).reason());
    }

    @Test
    void refuses_sizes_other_than_that_of_one_batch() {
        ByteBuffer two = ByteBuffer.allocate(182).put(0, batch(), 0, 91).put(91, batch(), 0, 91);
        assertReason(Reason.LENGTH, BatchValidator.validate(two, 1000, Long.MAX_VALUE));
        for (int length = 0; length < 91; length++) {
            assertReason(Reason.LENGTH, verdict(batch().slice(0, length)));
        }
        assertReason(Reason.TOO_LARGE, BatchValidator.validate(batch(), 90, Long.MAX_VALUE));
        assertReason(Reason.TIMESTAMP, BatchValidator.validate(batch(), 91, 1_009));
        assertThrows(
                IllegalArgumentException.class,
                () -> verdict(batch().order(ByteOrder.LITTLE_ENDIAN)));
    }

    @Test
    void every_flipped_bit_that_the_checksum_covers_is_found() {
        for (int bit = 0; bit < 91 * 8; bit++) {
            ByteBuffer changed = ByteBuffer.wrap(SampleRecord.bytes(batch()));
            changed.put(bit / 8, (byte) (changed.get(bit / 8) ^ (1 << (bit % 8))));
            // Base offset and leader epoch are the owner's to set: a client may send anything.
            boolean stamped = bit / 8 < 8 || (bit / 8 >= 12 && bit / 8 < 16);
            assertEquals(stamped, verdict(changed) instanceof Valid, "bit " + bit);
        }
    }

    @Test
    void producer_fields_are_all_set_or_all_unset() {
        for (int id = -2; id <= 1; id++) {
            for (int epoch = -2; epoch <= 1; epoch++) {
                for (int sequence = -2; sequence <= 1; sequence++) {
                    long producerId = id;
                    short producerEpoch = (short) epoch;
                    int baseSequence = sequence;
                    ByteBuffer changed =
                            Samples.changed(
                                    batch(),
                                    b ->
                                            b.putLong(43, producerId)
                                                    .putShort(51, producerEpoch)
                                                    .putInt(53, baseSequence));
                    boolean unset = id == -1 && epoch == -1 && sequence == -1;
                    boolean set = id >= 0 && epoch >= 0 && sequence >= 0;
                    if (unset || set) {
                        assertInstanceOf(Valid.class, verdict(changed));
                    } else {
                        assertReason(Reason.PRODUCER, verdict(changed));
                    }
                }
            }
        }
    }

    @Test
    void a_header_without_a_key_is_refused() {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, Samples.ENOUGH);
        builder.append(0, new byte[0], null, new RecordHeaders().add("", null));
        ByteBuffer batch = builder.build();
        int keyLength = batch.limit() - 2;
        assertInstanceOf(Valid.class, verdict(batch));
        assertReason(
                Reason.RECORD, verdict(Samples.changed(batch, b -> b.put(keyLength, (byte) 1))));
        assertReason(
                Reason.RECORD,
                verdict(Samples.changed(batch, b -> b.put(keyLength + 1, (byte) 3))));
    }

    @Test
    void compressed_records_are_not_looked_into() {
        ByteBuffer noise =
                Samples.changed(batch(), b -> b.putShort(21, (short) Compression.ZSTD.id()));
        assertEquals(new Valid(2, 91, Compression.ZSTD), verdict(noise));
        assertReason(Reason.TIMESTAMP, verdict(Samples.changed(noise, b -> b.putLong(27, 1_011))));
    }

    /** Whatever is done to a batch: no exception, and what passes is right for Kafka too. */
    @Test
    void what_passes_kafka_reads_as_well() throws Exception {
        int passed = 0;
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            List<SampleRecord> records = Samples.random(random);
            ByteBuffer changed =
                    Samples.changed(
                            Samples.build(records.subList(0, Math.min(3, records.size()))),
                            bytes -> {
                                for (int n = random.nextInt(1, 4); n > 0; n--) {
                                    int at = random.nextInt(16, Math.min(bytes.limit(), 110));
                                    bytes.put(at, (byte) random.nextInt(256));
                                }
                            });
            BatchVerdict verdict = BatchValidator.validate(changed, Samples.ENOUGH, Long.MAX_VALUE);
            if (verdict instanceof Valid(int count, int size, Compression compression)
                    && compression == Compression.NONE) {
                passed++;
                List<String> kafkas = KafkaBatches.read(KafkaBatches.only(changed));
                assertEquals(count, kafkas.size(), "seed " + seed);
                assertEquals(size, changed.limit(), "seed " + seed);
                assertEquals(kafkas, Samples.read(changed), "seed " + seed);
            } else {
                refused++;
            }
        }
        assertTrue(passed > 1000 && refused > 1000, passed + " passed, " + refused + " refused");
    }

    private static void assertReason(Reason reason, BatchVerdict verdict) {
        assertEquals(reason, assertInstanceOf(Invalid.class, verdict).reason());
    }
}
