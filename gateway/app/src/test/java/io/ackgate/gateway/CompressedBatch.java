package io.ackgate.gateway;

import com.google.protobuf.ByteString;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Batches as clients compress them. */
public final class CompressedBatch {
    private static final long TIMESTAMP = 1_000;

    private CompressedBatch() {}

    /** A batch with these values. */
    public static ByteString of(Compression compression, String... values) {
        return changed(compression, plain -> {}, values);
    }

    /** A batch of which something was changed before it was compressed. */
    public static ByteString changed(
            Compression compression, Consumer<ByteBuffer> change, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        for (String value : values) {
            builder.append(TIMESTAMP, null, value.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer built = builder.build();
        ByteBuffer plain = ByteBuffer.allocate(built.remaining()).put(built).flip();
        change.accept(plain);
        return compressed(compression, plain);
    }

    /** A batch with so many zeros as the value of each of its records. */
    public static ByteString ofZeros(Compression compression, int records, int valueBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 30);
        for (int i = 0; i < records; i++) {
            builder.append(TIMESTAMP, null, new byte[valueBytes]);
        }
        return compressed(compression, builder.build());
    }

    /** The same batch with its records compressed. */
    public static ByteString compressed(Compression compression, ByteBuffer plain) {
        byte[] records = new byte[plain.limit() - RecordBatch.RECORDS];
        plain.get(RecordBatch.RECORDS, records);
        return withRecords(compression, plain, compress(compression, records));
    }

    /** A batch with the header of a plain one and these bytes in place of its records. */
    public static ByteString withRecords(Compression compression, ByteBuffer plain, byte[] bytes) {
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.RECORDS + bytes.length);
        batch.put(0, plain, 0, RecordBatch.RECORDS);
        batch.put(RecordBatch.RECORDS, bytes);
        batch.putInt(RecordBatch.BATCH_LENGTH, batch.limit() - RecordBatch.LOG_OVERHEAD_BYTES);
        batch.putShort(RecordBatch.ATTRIBUTES, (short) compression.id());
        batch.putInt(RecordBatch.CRC, RecordBatch.computeCrc(batch, 0, batch.limit()));
        return ByteString.copyFrom(batch);
    }

    private static byte[] compress(Compression compression, byte[] plain) {
        return switch (compression) {
            case NONE -> plain;
            case GZIP -> gzip(plain);
            case SNAPPY -> snappy(plain);
            case LZ4 -> lz4(plain);
            case ZSTD -> zstd(plain);
        };
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** Blocks of 32 KiB in the framing of snappy-java. */
    private static byte[] snappy(byte[] plain) {
        SnappyCompressor compressor = new SnappyCompressor();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0});
        out.writeBytes(new byte[] {0, 0, 0, 1, 0, 0, 0, 1});
        for (int at = 0; at < plain.length; at += 32 << 10) {
            int length = Math.min(32 << 10, plain.length - at);
            byte[] block = new byte[compressor.maxCompressedLength(length)];
            int size = compressor.compress(plain, at, length, block, 0, block.length);
            out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
            out.write(block, 0, size);
        }
        return out.toByteArray();
    }

    /** One frame of independent blocks of 64 KiB. */
    private static byte[] lz4(byte[] plain) {
        Lz4Compressor compressor = new Lz4Compressor();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, (byte) 0x82});
        for (int at = 0; at < plain.length; at += 64 << 10) {
            int length = Math.min(64 << 10, plain.length - at);
            byte[] block = new byte[compressor.maxCompressedLength(length)];
            int size = compressor.compress(plain, at, length, block, 0, block.length);
            ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            out.writeBytes(head.putInt(size).array());
            out.write(block, 0, size);
        }
        out.writeBytes(new byte[4]);
        return out.toByteArray();
    }

    private static byte[] zstd(byte[] plain) {
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] frame = new byte[compressor.maxCompressedLength(plain.length)];
        int size = compressor.compress(plain, 0, plain.length, frame, 0, frame.length);
        return Arrays.copyOf(frame, size);
    }
}
