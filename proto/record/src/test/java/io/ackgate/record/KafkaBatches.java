package io.ackgate.record;

import io.ackgate.record.SampleRecord.SampleHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Kafka's own record classes, the other side of every comparison. */
final class KafkaBatches {
    private KafkaBatches() {}

    /** What a batch says of itself beside its records. */
    record Head(
            CompressionType compression,
            TimestampType timestampType,
            boolean transactional,
            long producerId,
            short producerEpoch,
            int baseSequence) {
        static Head of(CompressionType compression) {
            return new Head(compression, TimestampType.CREATE_TIME, false, -1L, (short) -1, -1);
        }

        Head withProducer(long id, short epoch, int sequence) {
            return new Head(compression, timestampType, transactional, id, epoch, sequence);
        }
    }

    static ByteBuffer write(Head head, List<SampleRecord> records) {
        Compression compression = Compression.of(head.compression()).build();
        try (MemoryRecordsBuilder builder =
                MemoryRecords.builder(
                        ByteBuffer.allocate(1024),
                        org.apache.kafka.common.record.internal.RecordBatch.MAGIC_VALUE_V2,
                        compression,
                        head.timestampType(),
                        0L,
                        System.currentTimeMillis(),
                        head.producerId(),
                        head.producerEpoch(),
                        head.baseSequence(),
                        head.transactional(),
                        -1)) {
            for (SampleRecord record : records) {
                builder.append(
                        record.timestampMillis(), record.key(), record.value(), headers(record));
            }
            return builder.build().buffer();
        }
    }

    private static Header[] headers(SampleRecord record) {
        return record.headers().stream()
                .map(header -> new RecordHeader(header.key(), header.value()))
                .toArray(Header[]::new);
    }

    /** The only batch that Kafka finds in the bytes, which it holds to be valid. */
    static MutableRecordBatch only(ByteBuffer bytes) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
        MutableRecordBatch batch = batches.next();
        if (batches.hasNext()) {
            throw new AssertionError("more than one batch");
        }
        batch.ensureValid();
        return batch;
    }

    static List<String> read(MutableRecordBatch batch) {
        List<String> texts = new ArrayList<>();
        for (Record record : batch) {
            record.ensureValid();
            List<SampleHeader> headers =
                    Stream.of(record.headers())
                            .map(header -> new SampleHeader(header.key(), header.value()))
                            .toList();
            texts.add(
                    new SampleRecord(
                                    record.timestamp(),
                                    SampleRecord.nullableBytes(record.key()),
                                    SampleRecord.nullableBytes(record.value()),
                                    headers)
                            .text(record.offset()));
        }
        return texts;
    }

    /**
     * A plain batch with its records compressed by Kafka, whatever they are: header, checksum and
     * all.
     */
    static ByteBuffer compressed(CompressionType type, ByteBuffer plain) {
        ByteBuffer records = plain.slice(61, plain.remaining() - 61);
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        try (OutputStream compressing = Compression.of(type).build().wrapForOutput(out, (byte) 2)) {
            compressing.write(SampleRecord.bytes(records));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return batch(type, plain, SampleRecord.bytes(out.buffer().flip()));
    }

    /** A batch with the header of a plain one and these bytes as its compressed records. */
    static ByteBuffer batch(CompressionType type, ByteBuffer plain, byte[] compressed) {
        ByteBuffer batch = ByteBuffer.allocate(61 + compressed.length);
        batch.put(0, plain, plain.position(), 61).put(61, compressed);
        batch.putInt(8, batch.limit() - 12).putShort(21, (short) type.id);
        batch.putInt(17, RecordBatch.computeCrc(batch, 0, batch.limit()));
        return batch;
    }
}
