package io.ackgate.client.producer;

import static io.ackgate.client.Fate.MAY_HAVE_BEEN_WRITTEN;
import static io.ackgate.client.Fate.NOT_WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.client.Fate;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.Sequence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dumbest log that keeps the gateway's promises to an idempotent producer: a sequence is taken
 * only right after its predecessor, and the last five batches are recognised.
 */
public final class ModelLog {
    private static final int WINDOW = 5;

    /** What a gateway answers: one of the two is set. */
    public record Answer(@Nullable Receipt receipt, @Nullable GatewayError error) {
        public static Answer ok(long offset, boolean duplicate) {
            return new Answer(new Receipt(offset, 1, duplicate), null);
        }

        public static Answer error(String code, boolean retriable, Fate fate) {
            return new Answer(null, new GatewayError(code, "model", retriable, fate, 0));
        }
    }

    record Written(int first, int count, long offset) {}

    /** What stands in the log: the label of each batch, in order, once per record. */
    final List<Integer> labels = new ArrayList<>();

    final Map<Long, List<Written>> producers = new HashMap<>();

    boolean lacksReplicas;
    boolean losesReplicasAfterAppend;

    Answer append(ByteBuffer bytes, int label, boolean refused) {
        int at = bytes.position();
        assertEquals(
                RecordBatch.crc(bytes, at),
                RecordBatch.computeCrc(bytes, at, bytes.remaining()),
                "checksum of batch " + label);
        long id = RecordBatch.producerId(bytes, at);
        int first = RecordBatch.baseSequence(bytes, at);
        int count = RecordBatch.recordsCount(bytes, at);
        List<Written> known = producers.get(id);
        if (id == RecordBatch.NO_PRODUCER_ID) {
            // Nothing to be recognised by.
            known = null;
        } else if (known == null) {
            if (first != 0) {
                return Answer.error("UNKNOWN_PRODUCER_ID", false, NOT_WRITTEN);
            }
        } else {
            for (Written batch : known) {
                if (batch.first == first && batch.count == count) {
                    return committed(batch.offset, true);
                }
            }
            Written last = known.getLast();
            int expected = Sequence.incrementSequence(last.first, last.count);
            if (first != expected) {
                return first > expected
                        ? Answer.error("OUT_OF_ORDER_SEQUENCE_NUMBER", false, NOT_WRITTEN)
                        : Answer.ok(-1, true);
            }
        }
        if (refused) {
            return Answer.error("MESSAGE_TOO_LARGE", false, NOT_WRITTEN);
        }
        if (lacksReplicas) {
            return Answer.error("NOT_ENOUGH_REPLICAS", true, NOT_WRITTEN);
        }
        long offset = labels.size();
        for (int i = 0; i < count; i++) {
            labels.add(label);
        }
        if (id == RecordBatch.NO_PRODUCER_ID) {
            return committed(offset, false);
        }
        List<Written> window = producers.computeIfAbsent(id, _ -> new ArrayList<>());
        window.add(new Written(first, count, offset));
        if (window.size() > WINDOW) {
            window.removeFirst();
        }
        return committed(offset, false);
    }

    private Answer committed(long offset, boolean duplicate) {
        return losesReplicasAfterAppend
                ? Answer.error("NOT_ENOUGH_REPLICAS_AFTER_APPEND", true, MAY_HAVE_BEEN_WRITTEN)
                : Answer.ok(offset, duplicate);
    }
}
