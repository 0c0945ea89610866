package io.ackgate.gateway.consume;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import io.ackgate.gateway.error.FailureException;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaderCursor;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.Header;
import io.ackgate.v1.RecordFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes frames apart, as much at a time as one answer may hold: by what its receiver gets, not by
 * what is stored, so that an answer may end within a batch. What it gives out shares the frames'
 * memory, which nobody writes to any more. Confined to one thread.
 */
public final class ChunkReader {
    /** The most that one compressed batch may become: four times the largest plain one. */
    private static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

    /** The most that one record of a compressed batch may have: as many as a plain batch. */
    private static final int MAX_RECORD_BYTES = 16 << 20;

    /**
     * The most records of one answer. Each is an object of some hundred bytes until it is sent,
     * however short it is.
     */
    private static final int MAX_RECORDS = 20_000;

    private final RecordBatchReader reader = new RecordBatchReader(MAX_DECOMPRESSED_BYTES);

    /**
     * How much an answer may hold.
     *
     * @param bytes as its receiver counts them, 1 or more; a first record, or with {@code
     *     RECORD_FORMAT_BATCHES} a first batch, that is larger is given all the same
     * @param records 1 or more
     */
    public record Bound(int bytes, int records) {
        /** So many bytes, and not too many records. */
        public static Bound ofBytes(int bytes) {
            return new Bound(bytes, MAX_RECORDS);
        }
    }

    /**
     * Reads frames up to a bound.
     *
     * @param frames whole ones, from position to limit
     * @param offset the first one wanted; frames may lie before it
     * @throws FailureException if the first batch cannot be read; one that follows ends the chunk
     */
    public Chunk read(ByteBuffer frames, long offset, RecordFormat format, Bound bound) {
        return format == RecordFormat.RECORD_FORMAT_BATCHES
                ? batches(frames, offset, bound)
                : records(frames, offset, bound);
    }

    /** The offset after the last one in the frames; -1 if there are none. */
    public static long end(ByteBuffer frames) {
        long end = -1;
        int at = frames.position();
        while (at < frames.limit()) {
            end = BatchFrame.lastOffset(frames, at) + 1;
            at += BatchFrame.frameLength(frames, at);
        }
        return end;
    }

    /** Whether an answer of records may be larger than the frames that they come from. */
    public static boolean mayGrow(ByteBuffer frames, RecordFormat format) {
        if (format == RecordFormat.RECORD_FORMAT_BATCHES) {
            return false;
        }
        int at = frames.position();
        while (at < frames.limit()) {
            if (RecordBatch.compression(frames, BatchFrame.batchPosition(at)) != Compression.NONE) {
                return true;
            }
            at += BatchFrame.frameLength(frames, at);
        }
        return false;
    }

    private static Chunk batches(ByteBuffer frames, long offset, Bound bound) {
        List<ByteString> batches = new ArrayList<>();
        long next = offset;
        long bytes = 0;
        int at = frames.position();
        while (at < frames.limit()) {
            if (BatchFrame.lastOffset(frames, at) >= offset) {
                ByteBuffer batch = batch(frames, at);
                bytes += batch.remaining();
                if (bytes > bound.bytes() && !batches.isEmpty()) {
                    break;
                }
                batches.add(UnsafeByteOperations.unsafeWrap(batch));
                next = Math.max(next, BatchFrame.lastOffset(frames, at) + 1);
            }
            at += BatchFrame.frameLength(frames, at);
        }
        return new Chunk(List.of(), batches, next);
    }

    private Chunk records(ByteBuffer frames, long offset, Bound bound) {
        Filling filling = new Filling(bound);
        long next = offset;
        int at = frames.position();
        while (at < frames.limit() && !filling.full) {
            if (BatchFrame.lastOffset(frames, at) >= next) {
                int before = filling.records.size();
                try {
                    next = readBatch(frames, at, next, filling);
                } catch (UnreadableBatchException e) {
                    filling.records.subList(before, filling.records.size()).clear();
                    if (filling.records.isEmpty()) {
                        throw unreadable(e, BatchFrame.baseOffset(frames, at)).asException();
                    }
                    break;
                }
            }
            at += BatchFrame.frameLength(frames, at);
        }
        return new Chunk(filling.records, List.of(), next);
    }

    /** An answer that is being made. */
    private static final class Filling {
        private final Bound bound;
        private final List<ConsumerRecord> records = new ArrayList<>();
        private long bytes;
        private boolean full;

        Filling(Bound bound) {
            this.bound = bound;
        }

        /** Whether there was room. */
        boolean add(ConsumerRecord record) {
            bytes += CodedOutputStream.computeMessageSize(1, record);
            if (bytes > bound.bytes() && !records.isEmpty()) {
                full = true;
                return false;
            }
            records.add(record);
            full = records.size() >= bound.records();
            return true;
        }
    }

    /** Gives the next offset. */
    private long readBatch(ByteBuffer frames, int at, long offset, Filling out)
            throws UnreadableBatchException {
        reader.resetAt(batch(frames, at), offset, MAX_RECORD_BYTES);
        long next = offset;
        while (!out.full && reader.next()) {
            if (!out.add(record())) {
                return next;
            }
            next = reader.offset() + 1;
        }
        // What is left of a batch behind its last record is passed over.
        return out.full ? next : Math.max(next, BatchFrame.lastOffset(frames, at) + 1);
    }

    private static ByteBuffer batch(ByteBuffer frames, int at) {
        return frames.slice(
                BatchFrame.batchPosition(at),
                BatchFrame.frameLength(frames, at) - BatchFrame.FRAME_HEADER_BYTES);
    }

    private ConsumerRecord record() {
        ConsumerRecord.Builder record =
                ConsumerRecord.newBuilder()
                        .setOffset(reader.offset())
                        .setTimestampMs(reader.timestampMillis());
        ByteBuffer key = reader.key();
        if (key != null) {
            record.setKey(UnsafeByteOperations.unsafeWrap(key));
        }
        ByteBuffer value = reader.value();
        if (value != null) {
            record.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        if (reader.headersCount() > 0) {
            RecordHeaderCursor headers = reader.headers();
            while (headers.next()) {
                record.addHeaders(header(headers));
            }
        }
        return record.build();
    }

    private static Header header(RecordHeaderCursor cursor) {
        Header.Builder header = Header.newBuilder().setKey(cursor.keyText());
        ByteBuffer value = cursor.value();
        if (value != null) {
            header.setValue(UnsafeByteOperations.unsafeWrap(value));
        }
        return header.build();
    }

    private static Failure unreadable(UnreadableBatchException why, long baseOffset) {
        return Failure.refused(
                ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                "format",
                "the batch at offset %d cannot be taken apart: %s"
                        .formatted(baseOffset, why.getMessage()));
    }
}
