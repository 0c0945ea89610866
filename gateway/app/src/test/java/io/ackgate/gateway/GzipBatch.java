package io.ackgate.gateway;

import com.google.protobuf.ByteString;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Batches that are small as they are stored and large when they are read. */
public final class GzipBatch {
    private GzipBatch() {}

    /** So many records of zeros. */
    public static ByteString ofZeros(int records, int valueBytes) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 30);
        for (int i = 0; i < records; i++) {
            builder.append(1_000, null, new byte[valueBytes]);
        }
        ByteBuffer plain = builder.build();
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            byte[] bytes = new byte[plain.limit() - RecordBatch.RECORDS];
            plain.get(RecordBatch.RECORDS, bytes);
            gzip.write(bytes);
        }
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.RECORDS + compressed.size());
        batch.put(0, plain, 0, RecordBatch.RECORDS);
        batch.put(RecordBatch.RECORDS, compressed.toByteArray());
        batch.putInt(RecordBatch.BATCH_LENGTH, batch.limit() - RecordBatch.LOG_OVERHEAD_BYTES);
        batch.putShort(RecordBatch.ATTRIBUTES, (short) Compression.GZIP.id());
        batch.putInt(RecordBatch.CRC, RecordBatch.computeCrc(batch, 0, batch.limit()));
        return ByteString.copyFrom(batch);
    }
}
