package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.KafkaBatches.Head;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we write Kafka reads, and what Kafka writes we read, byte for byte where it matters. */
class KafkaInteropTest {
    private static final int SEEDS = 500;
    private static final long HIGH = 0x0123456789abcdefL;
    private static final long LOW = 0xfedcba9876543210L;

    @Test
    void real_events_we_write_are_read_by_kafka() {
        List<SampleRecord> quakes = Samples.earthquakes();
        assertEquals(50, quakes.size());
        assertEquals(
                SampleRecord.texts(quakes, 0),
                KafkaBatches.read(KafkaBatches.only(Samples.build(quakes))));
    }

    @Test
    void every_shape_is_written_as_kafka_writes_it() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<SampleRecord> records = Samples.random(random);
            Head head = Head.of(CompressionType.NONE);
            RecordBatchBuilder builder =
                    new RecordBatchBuilder(random.nextInt(2000), Samples.ENOUGH);
            if (random.nextBoolean()) {
                head =
                        head.withProducer(
                                random.nextLong(Long.MAX_VALUE),
                                (short) random.nextInt(Short.MAX_VALUE),
                                random.nextInt(Integer.MAX_VALUE));
                builder.producer(head.producerId(), head.producerEpoch(), head.baseSequence());
            }
            Samples.appendAll(builder, records);
            ByteBuffer ours = builder.build();
            ByteBuffer theirs = KafkaBatches.write(head, records);
            String with = "seed " + seed;
            assertEquals(theirs, ours, with);
            assertEquals(SampleRecord.texts(records, 0), Samples.read(theirs), with);
            assertInstanceOf(
                    BatchVerdict.Valid.class,
                    BatchValidator.validate(theirs, Samples.ENOUGH, Long.MAX_VALUE),
                    with);
        }
    }

    @Test
    void stamped_batches_are_read_by_kafka_at_their_offsets() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<SampleRecord> records = Samples.random(random);
            long offset = random.nextLong(1L << 40);
            int epoch = random.nextInt(1000);
            ByteBuffer frame = Samples.withHeadRoom(Samples.build(records));
            BatchFrame.stampInPlace(frame, HIGH, LOW, 3, offset, epoch, 6);
            ByteBuffer batch =
                    frame.slice(
                            BatchFrame.FRAME_HEADER_BYTES,
                            frame.limit() - BatchFrame.FRAME_HEADER_BYTES);
            MutableRecordBatch kafkas = KafkaBatches.only(batch);
            String with = "seed " + seed;
            assertEquals(SampleRecord.texts(records, offset), KafkaBatches.read(kafkas), with);
            assertEquals(SampleRecord.texts(records, offset), Samples.read(batch), with);
            assertEquals(offset, kafkas.baseOffset(), with);
            assertEquals(kafkas.lastOffset(), RecordBatch.lastOffset(batch, 0), with);
            assertEquals(kafkas.nextOffset(), RecordBatch.nextOffset(batch, 0), with);
            assertEquals(epoch, kafkas.partitionLeaderEpoch(), with);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void batches_of_a_client_pass_through_untouched(CompressionType type) throws Exception {
        List<SampleRecord> quakes = Samples.earthquakes();
        Head head = Head.of(type).withProducer(7, (short) 2, Integer.MAX_VALUE - 10);
        ByteBuffer sent = KafkaBatches.write(head, quakes);
        byte[] before = SampleRecord.bytes(sent);
        Compression compression = Compression.valueOf(type.name());

        assertEquals(
                new BatchVerdict.Valid(50, sent.remaining(), compression),
                BatchValidator.validate(sent, Samples.ENOUGH, Long.MAX_VALUE));
        ByteBuffer stored = Samples.withHeadRoom(sent);
        BatchFrame.stampInPlace(stored, HIGH, LOW, 3, 1_000_000L, 9, 6);
        ByteBuffer behindHead = ByteBuffer.wrap(before).position(RecordBatch.HEADER_BYTES);
        assertEquals(behindHead, stored.duplicate().position(101), "the client's records");
        assertEquals(new FrameVerdict.Ok(stored.limit()), BatchFrame.verify(stored, 0));
        ByteBuffer batch = stored.slice(40, stored.limit() - 40);
        MutableRecordBatch kafkas = KafkaBatches.only(batch);
        assertTrue(kafkas.isValid());
        assertEquals(type, kafkas.compressionType());
        assertEquals(7, kafkas.producerId());
        assertEquals(2, kafkas.producerEpoch());
        assertEquals(Integer.MAX_VALUE - 10, kafkas.baseSequence());
        assertEquals(38, kafkas.lastSequence(), "50 records from 2^31 - 11 wrap");
        assertEquals(38, RecordBatch.lastSequence(batch, 0));
        List<String> expected = SampleRecord.texts(quakes, 1_000_000L);
        assertEquals(expected, KafkaBatches.read(kafkas));
        assertEquals(expected, Samples.read(batch));
    }

    @Test
    void the_accessors_say_what_kafkas_do() {
        Head head = Head.of(CompressionType.ZSTD).withProducer(1L << 40, (short) 77, 12345);
        ByteBuffer batch = KafkaBatches.write(head, Samples.earthquakes());
        MutableRecordBatch kafkas = KafkaBatches.only(batch);
        assertEquals(kafkas.baseOffset(), RecordBatch.baseOffset(batch, 0));
        assertEquals(kafkas.sizeInBytes(), RecordBatch.sizeInBytes(batch, 0));
        assertEquals(kafkas.sizeInBytes() - 12, RecordBatch.batchLength(batch, 0));
        assertEquals(kafkas.partitionLeaderEpoch(), RecordBatch.partitionLeaderEpoch(batch, 0));
        assertEquals(kafkas.magic(), RecordBatch.magic(batch, 0));
        assertEquals(kafkas.checksum(), Integer.toUnsignedLong(RecordBatch.crc(batch, 0)), "crc");
        assertEquals(Compression.ZSTD, RecordBatch.compression(batch, 0));
        assertEquals(49, RecordBatch.lastOffsetDelta(batch, 0));
        assertEquals(
                Samples.earthquakes().getFirst().timestampMillis(),
                RecordBatch.baseTimestamp(batch, 0));
        assertEquals(kafkas.maxTimestamp(), RecordBatch.maxTimestamp(batch, 0));
        assertEquals(kafkas.producerId(), RecordBatch.producerId(batch, 0));
        assertEquals(kafkas.producerEpoch(), RecordBatch.producerEpoch(batch, 0));
        assertEquals(kafkas.baseSequence(), RecordBatch.baseSequence(batch, 0));
        assertEquals(kafkas.lastSequence(), RecordBatch.lastSequence(batch, 0));
        assertEquals(kafkas.countOrNull(), RecordBatch.recordsCount(batch, 0));
    }

    @Test
    void times_of_append_are_read_but_not_taken_from_a_client() throws Exception {
        Head head =
                new Head(
                        CompressionType.NONE,
                        TimestampType.LOG_APPEND_TIME,
                        false,
                        -1L,
                        (short) -1,
                        -1);
        ByteBuffer batch = KafkaBatches.write(head, Samples.earthquakes());
        assertEquals(KafkaBatches.read(KafkaBatches.only(batch)), Samples.read(batch));
        assertReason(BatchVerdict.Reason.ATTRIBUTES, batch);
    }

    @Test
    void transactions_are_not_taken_from_a_client() {
        Head head =
                new Head(CompressionType.NONE, TimestampType.CREATE_TIME, true, 7L, (short) 0, 0);
        assertReason(
                BatchVerdict.Reason.ATTRIBUTES, KafkaBatches.write(head, Samples.earthquakes()));
    }

    private static void assertReason(BatchVerdict.Reason reason, ByteBuffer batch) {
        BatchVerdict verdict = BatchValidator.validate(batch, Samples.ENOUGH, Long.MAX_VALUE);
        assertEquals(reason, assertInstanceOf(BatchVerdict.Invalid.class, verdict).reason());
    }
}
