package io.ackgate.client.producer;

import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaderCursor;
import io.ackgate.record.RecordHeaders;
import io.ackgate.record.UnreadableBatchException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch apart that its topic does not take for its size, since a topic's limit may be
 * lowered while records wait. The parts hold the same records in the same order, with their
 * callbacks; together they have the memory that the batch had.
 */
final class BatchSplit {
    private final ProducerBatch batch;
    private final int partBytes;
    private final RecordHeaders headers = new RecordHeaders();
    private final List<ProducerBatch> parts = new ArrayList<>();
    private int reservedLeft;

    private BatchSplit(ProducerBatch batch) {
        this.batch = batch;
        // Halves: what is still too large is refused and split again, until one record is left.
        int recordBytes = batch.sizeInBytes() - RecordBatch.HEADER_BYTES;
        this.partBytes = RecordBatch.HEADER_BYTES + recordBytes / 2;
        this.reservedLeft = batch.reservedBytes();
    }

    /**
     * The parts, two or more, none of them sealed. So each has fewer records than the batch, and
     * splitting comes to an end.
     *
     * @param batch sealed, of two or more records
     */
    static List<ProducerBatch> of(ProducerBatch batch) {
        BatchSplit split = new BatchSplit(batch);
        try {
            split.copyRecords();
        } catch (UnreadableBatchException e) {
            throw new IllegalStateException("a batch of our own cannot be read", e);
        }
        if (split.parts.size() < 2) {
            throw new IllegalStateException(
                    "a batch of %d records cannot be split".formatted(batch.recordCount()));
        }
        return split.parts;
    }

    private void copyRecords() throws UnreadableBatchException {
        try (RecordBatchReader reader = new RecordBatchReader(batch.sizeInBytes())) {
            reader.reset(batch.bytes());
            ProducerBatch part = null;
            for (int i = 0; reader.next(); i++) {
                int reserved =
                        i == batch.recordCount() - 1
                                ? reservedLeft
                                : batch.reservedBytes() / batch.recordCount();
                if (part == null || !append(part, reader, i, reserved)) {
                    part = begin(reader, i, reserved);
                }
                reservedLeft -= reserved;
            }
        }
    }

    /**
     * Adds a part with this record, however large it is.
     *
     * @return the part, or null if it must have no other record: one that is larger than half of
     *     the batch could take all the others with it
     */
    private @Nullable ProducerBatch begin(RecordBatchReader reader, int index, int reserved) {
        ProducerBatch part = batch.part(new RecordBatchBuilder(partBytes, partBytes));
        if (append(part, reader, index, reserved)) {
            parts.add(part);
            return part;
        }
        ProducerBatch roomy =
                batch.part(new RecordBatchBuilder(batch.sizeInBytes(), batch.sizeInBytes()));
        if (!append(roomy, reader, index, reserved)) {
            throw new IllegalStateException("a record does not fit where it came from");
        }
        parts.add(roomy);
        return null;
    }

    private boolean append(ProducerBatch part, RecordBatchReader reader, int index, int reserved) {
        return part.append(
                reader.timestampMillis(),
                bytes(reader, reader.keyPosition(), reader.keyLength()),
                bytes(reader, reader.valuePosition(), reader.valueLength()),
                headers(reader),
                batch.callback(index),
                reserved);
    }

    private static byte @Nullable [] bytes(RecordBatchReader reader, int position, int length) {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        reader.records().get(position, bytes);
        return bytes;
    }

    private RecordHeaders headers(RecordBatchReader reader) {
        if (reader.headersCount() == 0) {
            return RecordHeaders.NONE;
        }
        headers.clear();
        RecordHeaderCursor from = reader.headers();
        while (from.next()) {
            headers.add(from.key(), from.value());
        }
        return headers;
    }
}
