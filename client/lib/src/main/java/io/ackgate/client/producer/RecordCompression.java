package io.ackgate.client.producer;

import io.ackgate.client.CompressionType;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Compresses the records of a finished batch; its header is never compressed. */
final class RecordCompression {
    private RecordCompression() {}

    /**
     * The batch with its records compressed, or the batch itself if that would be no smaller.
     *
     * @param plain a batch from position to limit, backed by an array; not written to
     */
    static ByteBuffer compressed(ByteBuffer plain, CompressionType type) {
        return switch (type) {
            case NONE -> plain;
            case GZIP -> compressed(plain, Compression.GZIP, RecordCompression::gzip);
            case SNAPPY -> compressed(plain, Compression.SNAPPY, new CompressedBlocks.Snappy());
            case LZ4 -> compressed(plain, Compression.LZ4, new CompressedBlocks.Lz4());
            case ZSTD -> compressed(plain, Compression.ZSTD, new CompressedBlocks.Zstd());
        };
    }

    /** Compresses bytes as one of Kafka's formats has it. */
    @FunctionalInterface
    interface Format {
        /** Writes so many bytes of {@code from}, compressed. */
        void write(byte[] from, int start, int length, ByteArrayOutputStream out)
                throws IOException;
    }

    private static ByteBuffer compressed(ByteBuffer plain, Compression id, Format format) {
        int size = plain.remaining();
        int start = plain.arrayOffset() + plain.position();
        ByteArrayOutputStream out = new ByteArrayOutputStream(size / 2 + RecordBatch.HEADER_BYTES);
        out.write(plain.array(), start, RecordBatch.HEADER_BYTES);
        try {
            format.write(
                    plain.array(),
                    start + RecordBatch.HEADER_BYTES,
                    size - RecordBatch.HEADER_BYTES,
                    out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (out.size() >= size) {
            return plain;
        }
        ByteBuffer batch = ByteBuffer.wrap(out.toByteArray());
        int attributes = RecordBatch.attributes(batch, 0) & ~RecordBatch.COMPRESSION_MASK;
        batch.putShort(RecordBatch.ATTRIBUTES, (short) (attributes | id.id()));
        batch.putInt(RecordBatch.BATCH_LENGTH, batch.remaining() - RecordBatch.LOG_OVERHEAD_BYTES);
        batch.putInt(RecordBatch.CRC, RecordBatch.computeCrc(batch, 0, batch.remaining()));
        return batch;
    }

    private static void gzip(byte[] from, int start, int length, ByteArrayOutputStream out)
            throws IOException {
        try (GZIPOutputStream records = new GZIPOutputStream(out)) {
            records.write(from, start, length);
        }
    }
}
