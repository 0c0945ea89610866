package io.ackgate.gateway.consume;

import io.ackgate.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a consumer gets of a piece of log: records or batches, as it asked for.
 *
 * @param batches each from position to limit; they share memory that is not written to
 * @param skipped what cannot be read as records and was stepped over
 * @param bytes of records or batches, as its receiver counts them
 * @param nextOffset where to go on
 */
public record DecodedRecords<R>(
        List<R> records,
        List<ByteBuffer> batches,
        List<SkippedRange> skipped,
        long bytes,
        long nextOffset) {
    /** Records in it, those of batches included. */
    public int recordCount() {
        int count = records.size();
        for (ByteBuffer batch : batches) {
            count += RecordBatch.recordsCount(batch, batch.position());
        }
        return count;
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return records.isEmpty() && batches.isEmpty() && skipped.isEmpty();
    }
}
