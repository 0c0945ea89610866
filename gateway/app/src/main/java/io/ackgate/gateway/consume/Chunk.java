package io.ackgate.gateway.consume;

import com.google.protobuf.ByteString;
import io.ackgate.v1.ConsumerRecord;
import java.util.List;

/**
 * What a consumer gets of a piece of log: records or batches, as it asked for.
 *
 * @param nextOffset where to go on
 */
public record Chunk(List<ConsumerRecord> records, List<ByteString> batches, long nextOffset) {
    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return records.isEmpty() && batches.isEmpty();
    }
}
