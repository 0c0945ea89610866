package io.ackgate.record;

import io.ackgate.record.BatchVerdict.Invalid;
import io.ackgate.record.BatchVerdict.Reason;
import io.ackgate.record.BatchVerdict.Valid;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether bytes that a client sent as a batch may be stamped. What passes holds for every
 * batch in every log, and the rest of the system relies on it: exactly one v2 batch, checksummed,
 * with as many records as offsets, {@code 0 <= base timestamp <= max timestamp}, and producer
 * fields that are all set or all unset.
 *
 * <p>Plain records are walked over to the last byte. Compressed records are not looked into here,
 * since that takes time: {@link CompressedRecords} does it (ADR 0011).
 */
public final class BatchValidator {
    private static final int KNOWN_ATTRIBUTES = RecordBatch.COMPRESSION_MASK;

    private BatchValidator() {}

    /**
     * Checks one batch. Never throws for what the bytes hold.
     *
     * @param batch from its position to its limit: what the client sent, nothing else; big endian;
     *     only read
     * @param maxBatchBytes the greatest size that the topic takes (max.message.bytes), header
     *     included
     * @param latestTimestampMillis the latest timestamp that the topic takes, in milliseconds since
     *     1970-01-01T00:00Z; {@link Long#MAX_VALUE} if it takes any
     */
    public static BatchVerdict validate(
            ByteBuffer batch, int maxBatchBytes, long latestTimestampMillis) {
        BigEndian.require(batch);
        int start = batch.position();
        int size = batch.remaining();
        Invalid envelope = envelopeDefect(batch, start, size, maxBatchBytes);
        if (envelope != null) {
            return envelope;
        }
        int attributes = RecordBatch.attributes(batch, start);
        Compression compression = Compression.ofAttributes(attributes);
        if (compression == null) {
            return new Invalid(
                    Reason.COMPRESSION,
                    "compression " + (attributes & RecordBatch.COMPRESSION_MASK) + " is unknown");
        }
        Invalid header = headerDefect(batch, start, attributes, latestTimestampMillis);
        if (header != null) {
            return header;
        }
        int recordCount = RecordBatch.recordsCount(batch, start);
        if (compression == Compression.NONE) {
            Invalid records = recordsDefect(batch, start, recordCount);
            if (records != null) {
                return records;
            }
        }
        return new Valid(recordCount, size, compression);
    }

    /** Looks at what has to hold before a field of the header means anything. */
    private static @Nullable Invalid envelopeDefect(
            ByteBuffer batch, int start, int size, int maxBatchBytes) {
        if (size < RecordBatch.HEADER_BYTES) {
            return new Invalid(
                    Reason.LENGTH,
                    "%d bytes are no batch, its header takes %d"
                            .formatted(size, RecordBatch.HEADER_BYTES));
        }
        if (RecordBatch.magic(batch, start) != RecordBatch.MAGIC_V2) {
            return new Invalid(
                    Reason.MAGIC, "magic %d is not 2".formatted(RecordBatch.magic(batch, start)));
        }
        if (RecordBatch.batchLength(batch, start) != size - RecordBatch.LOG_OVERHEAD_BYTES) {
            return new Invalid(
                    Reason.LENGTH,
                    "batch length %d where %d bytes follow; exactly one batch is taken"
                            .formatted(
                                    RecordBatch.batchLength(batch, start),
                                    size - RecordBatch.LOG_OVERHEAD_BYTES));
        }
        if (size > maxBatchBytes) {
            return new Invalid(
                    Reason.TOO_LARGE,
                    "the batch has %d bytes, at most %d are taken".formatted(size, maxBatchBytes));
        }
        int computed = RecordBatch.computeCrc(batch, start, size);
        int stored = RecordBatch.crc(batch, start);
        if (computed != stored) {
            return new Invalid(
                    Reason.CRC, "crc is %08x, the bytes give %08x".formatted(stored, computed));
        }
        return null;
    }

    private static @Nullable Invalid headerDefect(
            ByteBuffer batch, int start, int attributes, long latestTimestampMillis) {
        if ((attributes & ~KNOWN_ATTRIBUTES) != 0) {
            return new Invalid(Reason.ATTRIBUTES, attributesDetail(attributes));
        }
        int count = RecordBatch.recordsCount(batch, start);
        int lastOffsetDelta = RecordBatch.lastOffsetDelta(batch, start);
        if (count < 1 || lastOffsetDelta != count - 1) {
            return new Invalid(
                    Reason.RECORD_COUNT,
                    "%d records with last offset delta %d".formatted(count, lastOffsetDelta));
        }
        Invalid producer = producerDefect(batch, start);
        if (producer != null) {
            return producer;
        }
        long baseTimestamp = RecordBatch.baseTimestamp(batch, start);
        long maxTimestamp = RecordBatch.maxTimestamp(batch, start);
        if (baseTimestamp < 0
                || maxTimestamp < baseTimestamp
                || maxTimestamp > latestTimestampMillis) {
            return new Invalid(
                    Reason.TIMESTAMP,
                    "base timestamp %d, max timestamp %d; 0 to %d in this order are taken"
                            .formatted(baseTimestamp, maxTimestamp, latestTimestampMillis));
        }
        return null;
    }

    private static String attributesDetail(int attributes) {
        if ((attributes & RecordBatch.TRANSACTIONAL_FLAG) != 0) {
            return "transactional batches are not taken";
        }
        if ((attributes & RecordBatch.CONTROL_FLAG) != 0) {
            return "control batches are not taken from clients";
        }
        if ((attributes & RecordBatch.TIMESTAMP_TYPE_FLAG) != 0) {
            return "a client does not set timestamps of append";
        }
        return "attributes 0x%04x have bits set that clients do not set"
                .formatted(attributes & 0xFFFF);
    }

    private static @Nullable Invalid producerDefect(ByteBuffer batch, int start) {
        long id = RecordBatch.producerId(batch, start);
        short epoch = RecordBatch.producerEpoch(batch, start);
        int sequence = RecordBatch.baseSequence(batch, start);
        boolean unset =
                id == RecordBatch.NO_PRODUCER_ID
                        && epoch == RecordBatch.NO_PRODUCER_EPOCH
                        && sequence == RecordBatch.NO_SEQUENCE;
        boolean set = id >= 0 && epoch >= 0 && sequence >= 0;
        return unset || set
                ? null
                : new Invalid(
                        Reason.PRODUCER,
                        "producer id %d, epoch %d and sequence %d: all are -1, or none is negative"
                                .formatted(id, epoch, sequence));
    }

    private static @Nullable Invalid recordsDefect(ByteBuffer batch, int start, int recordCount) {
        RecordCursor cursor =
                new RecordCursor(batch, start + RecordBatch.RECORDS, batch.limit(), recordCount);
        long base = RecordBatch.baseTimestamp(batch, start);
        long max = RecordBatch.maxTimestamp(batch, start);
        long seen = -1;
        try {
            while (cursor.next()) {
                // Base is not negative, so that a sum beyond 64 bits comes out negative here.
                long timestamp = base + cursor.timestampDelta;
                if (timestamp < 0) {
                    return new Invalid(
                            Reason.TIMESTAMP,
                            "record %d has timestamp %d".formatted(cursor.index(), timestamp));
                }
                seen = Math.max(seen, timestamp);
            }
        } catch (UnreadableBatchException e) {
            return new Invalid(Reason.RECORD, String.valueOf(e.getMessage()));
        }
        return seen == max
                ? null
                : new Invalid(
                        Reason.TIMESTAMP,
                        "max timestamp is %d, the greatest is %d".formatted(max, seen));
    }
}
