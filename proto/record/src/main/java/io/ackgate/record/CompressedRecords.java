package io.ackgate.record;

import io.ackgate.record.BatchVerdict.Invalid;
import io.ackgate.record.BatchVerdict.Reason;
import io.ackgate.record.BatchVerdict.Valid;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The second look at a batch that a client compressed: whether its records are what its header
 * says. What passes can be read as records by everyone who keeps to the same bounds (ADR 0011).
 */
public final class CompressedRecords {
    private CompressedRecords() {}

    /**
     * Decompresses all of it, holding one record and one block at a time. Never throws for what the
     * bytes hold.
     *
     * @param batch what {@link BatchValidator} let pass, from its position to its limit; only read
     * @param maxDecompressedBytes the most that the records may become; more is not decompressed
     * @param maxRecordBytes the most that one record may have
     */
    public static BatchVerdict validate(
            ByteBuffer batch, int maxDecompressedBytes, int maxRecordBytes) {
        int start = batch.position();
        Compression compression = RecordBatch.compression(batch, start);
        if (compression == null || compression == Compression.NONE) {
            throw new IllegalArgumentException("compression " + compression);
        }
        Invalid defect;
        try (RecordBatchReader reader = new RecordBatchReader(maxDecompressedBytes)) {
            reader.resetAt(batch, RecordBatch.baseOffset(batch, start), maxRecordBytes);
            defect = defect(reader, RecordBatch.maxTimestamp(batch, start));
        } catch (UnreadableBatchException e) {
            defect = new Invalid(reason(e), String.valueOf(e.getMessage()));
        }
        int count = RecordBatch.recordsCount(batch, start);
        int size = batch.remaining();
        return defect == null
                ? new Valid(count, size, compression)
                : new Invalid(
                        defect.reason(),
                        "%d bytes that are by their header %d records in %s: %s"
                                .formatted(
                                        size,
                                        count,
                                        compression.name().toLowerCase(Locale.ROOT),
                                        defect.detail()));
    }

    private static @Nullable Invalid defect(RecordBatchReader reader, long maxTimestamp)
            throws UnreadableBatchException {
        long seen = -1;
        while (reader.next()) {
            long timestamp = reader.timestampMillis();
            if (timestamp < 0) {
                return new Invalid(Reason.TIMESTAMP, "a record has timestamp " + timestamp);
            }
            seen = Math.max(seen, timestamp);
        }
        return seen == maxTimestamp
                ? null
                : new Invalid(
                        Reason.TIMESTAMP,
                        "max timestamp is %d, the greatest is %d".formatted(maxTimestamp, seen));
    }

    private static Reason reason(UnreadableBatchException e) {
        return switch (e.reason()) {
            case MALFORMED -> Reason.RECORD;
            case NOT_DECOMPRESSED -> Reason.NOT_DECOMPRESSED;
            case TOO_LARGE -> Reason.TOO_LARGE;
        };
    }
}
