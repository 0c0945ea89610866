package io.ackgate.gateway.consume;

import com.google.protobuf.ByteString;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.SkippedBatch;
import java.util.List;

/**
 * What a consumer gets of a piece of log: records or batches, as it asked for.
 *
 * @param skipped what cannot be read as records and was stepped over
 * @param nextOffset where to go on
 */
public record DecodedRecords(
        List<ConsumerRecord> records,
        List<ByteString> batches,
        List<SkippedBatch> skipped,
        long nextOffset) {
    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return records.isEmpty() && batches.isEmpty() && skipped.isEmpty();
    }
}
