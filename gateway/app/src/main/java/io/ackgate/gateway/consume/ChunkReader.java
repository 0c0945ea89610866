package io.ackgate.gateway.consume;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import io.ackgate.gateway.error.FailureException;
import io.ackgate.record.BatchFrame;
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
 * Takes frames apart. What it gives out shares the frames' memory, which nobody writes to any more.
 * Confined to one thread.
 */
public final class ChunkReader {
    /** The most that one compressed batch may become: four times the largest plain one. */
    private static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

    private final RecordBatchReader reader = new RecordBatchReader(MAX_DECOMPRESSED_BYTES);

    /**
     * Reads whole frames.
     *
     * @param frames from position to limit
     * @param offset the first one wanted; the first frame may begin before it
     * @throws FailureException if the first batch cannot be read; one that follows ends the chunk
     */
    public Chunk read(ByteBuffer frames, long offset, RecordFormat format) {
        return format == RecordFormat.RECORD_FORMAT_BATCHES
                ? batches(frames, offset)
                : records(frames, offset);
    }

    private static Chunk batches(ByteBuffer frames, long offset) {
        List<ByteString> batches = new ArrayList<>();
        long next = offset;
        int at = frames.position();
        while (at < frames.limit()) {
            batches.add(UnsafeByteOperations.unsafeWrap(batch(frames, at)));
            next = Math.max(next, BatchFrame.lastOffset(frames, at) + 1);
            at += BatchFrame.frameLength(frames, at);
        }
        return new Chunk(List.of(), batches, next);
    }

    private Chunk records(ByteBuffer frames, long offset) {
        List<ConsumerRecord> records = new ArrayList<>();
        long next = offset;
        int at = frames.position();
        while (at < frames.limit()) {
            int before = records.size();
            try {
                readBatch(batch(frames, at), offset, records);
            } catch (UnreadableBatchException e) {
                records.subList(before, records.size()).clear();
                if (records.isEmpty()) {
                    throw unreadable(e, BatchFrame.baseOffset(frames, at)).asException();
                }
                break;
            }
            next = Math.max(next, BatchFrame.lastOffset(frames, at) + 1);
            at += BatchFrame.frameLength(frames, at);
        }
        return new Chunk(records, List.of(), next);
    }

    private static ByteBuffer batch(ByteBuffer frames, int at) {
        return frames.slice(
                BatchFrame.batchPosition(at),
                BatchFrame.frameLength(frames, at) - BatchFrame.FRAME_HEADER_BYTES);
    }

    private void readBatch(ByteBuffer batch, long offset, List<ConsumerRecord> out)
            throws UnreadableBatchException {
        reader.reset(batch);
        while (reader.next()) {
            if (reader.offset() >= offset) {
                out.add(record());
            }
        }
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
