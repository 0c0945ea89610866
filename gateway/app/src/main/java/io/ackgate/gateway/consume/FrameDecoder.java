package io.ackgate.gateway.consume;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes frames apart, as much at a time as one answer may hold: by what its receiver gets, not by
 * what is stored, so that an answer may end within a batch. The next answer goes on where the last
 * one ended, and a compressed batch is decompressed once however many answers it fills. What it
 * gives out shares the frames' memory, which nobody writes to any more. Whoever opens it closes it.
 * Confined to one thread at a time.
 */
public final class FrameDecoder<R> implements AutoCloseable {
    /**
     * The most records of one answer. Each is an object of some hundred bytes until it is sent,
     * however short it is.
     */
    private static final int MAX_RECORDS = 20_000;

    /** And so many headers, one record's and more. */
    private static final int MAX_HEADERS = 10 * RecordBatchReader.MAX_HEADERS;

    /** The most batches that one answer steps over. */
    private static final int MAX_SKIPPED = 100;

    private final ByteBuffer frames;
    private final RecordFormat format;
    private final boolean skipUnreadable;
    private final RecordMaker<R> maker;
    private final RecordBatchReader reader;
    private final boolean mayGrow;

    /** The offset after the last one in the frames. */
    private final long end;

    /** Index of the frame that is read next, or is open. */
    private int at;

    /** The first offset that was not given. */
    private long next;

    /** Whether the reader is within the batch at hand. */
    private boolean open;

    /** Whether the reader is at a record that the last answer had no room for. */
    private boolean leftOver;

    /**
     * In front of the first record wanted.
     *
     * @param frames whole ones, from position to limit
     * @param offset the first one wanted; frames may lie before it
     * @param skipUnreadable whether to step over a batch that cannot be read as records
     * @param maker of what the consumer gets for a record
     */
    public FrameDecoder(
            ByteBuffer frames,
            long offset,
            RecordFormat format,
            boolean skipUnreadable,
            RecordMaker<R> maker) {
        this(
                frames,
                offset,
                format,
                skipUnreadable,
                maker,
                new RecordBatchReader(RecordBatchReader.MAX_DECOMPRESSED_BYTES));
    }

    FrameDecoder(
            ByteBuffer frames,
            long offset,
            RecordFormat format,
            boolean skipUnreadable,
            RecordMaker<R> maker,
            RecordBatchReader reader) {
        this.frames = frames;
        this.format = format;
        this.skipUnreadable = skipUnreadable;
        this.maker = maker;
        this.reader = reader;
        this.at = frames.position();
        this.next = offset;
        boolean compressed = false;
        long end = offset;
        for (int i = at; i < frames.limit(); i += BatchFrame.frameLength(frames, i)) {
            compressed |= isCompressed(i);
            end = BatchFrame.lastOffset(frames, i) + 1;
        }
        this.mayGrow = compressed && format != RecordFormat.BATCHES;
        this.end = end;
    }

    /**
     * How much an answer may hold.
     *
     * @param bytes as its receiver counts them, 1 or more; a first record, or with {@link
     *     RecordFormat#BATCHES} a first batch, that is larger is given all the same
     * @param records 1 or more
     */
    public record Bound(int bytes, int records) {
        /** So many bytes, and not too many records. */
        public static Bound ofBytes(int bytes) {
            return new Bound(bytes, MAX_RECORDS);
        }
    }

    /**
     * Goes on up to a bound.
     *
     * @throws FailureException if the first batch cannot be read and is not to be stepped over; one
     *     that follows ends the chunk
     */
    public DecodedRecords<R> read(Bound bound) {
        return format == RecordFormat.BATCHES ? batches(bound) : records(bound);
    }

    /** Whether all that is in the frames was given. */
    public boolean isFinished() {
        return at >= frames.limit() || next >= end;
    }

    /** Whether an answer may be larger than the frames that it comes from. */
    public boolean mayGrow() {
        return mayGrow;
    }

    /**
     * The most memory that is in use beyond the frames, bytes: by an answer that is larger than
     * they are, or by the record at hand and its decompressor once the answer is made.
     *
     * @param answerBytes what the next answer may hold
     */
    public int bytesBeyondFrames(int answerBytes) {
        if (!mayGrow) {
            return 0;
        }
        return Math.max(reader.bytesBesideBatch(), answerBytes - frames.remaining());
    }

    /** Gives back what decompression takes. The reader is not read from any more. */
    @Override
    public void close() {
        leaveBatch();
    }

    private void leaveBatch() {
        open = false;
        leftOver = false;
        reader.close();
    }

    private boolean isCompressed(int frame) {
        return RecordBatch.compression(frames, BatchFrame.batchPosition(frame)) != Compression.NONE;
    }

    private DecodedRecords<R> batches(Bound bound) {
        List<ByteBuffer> batches = new ArrayList<>();
        long bytes = 0;
        while (at < frames.limit()) {
            if (BatchFrame.lastOffset(frames, at) >= next) {
                ByteBuffer batch = batch();
                if (bytes + batch.remaining() > bound.bytes() && !batches.isEmpty()) {
                    break;
                }
                bytes += batch.remaining();
                batches.add(batch);
                next = BatchFrame.lastOffset(frames, at) + 1;
            }
            at += BatchFrame.frameLength(frames, at);
        }
        return new DecodedRecords<>(List.of(), batches, List.of(), bytes, next);
    }

    private DecodedRecords<R> records(Bound bound) {
        Filling filling = new Filling(bound);
        while (at < frames.limit() && !filling.full) {
            int before = filling.records.size();
            long bytesBefore = filling.bytes;
            long start = next;
            try {
                if (readBatch(filling)) {
                    at += BatchFrame.frameLength(frames, at);
                }
            } catch (UnreadableBatchException e) {
                leaveBatch();
                next = start;
                filling.records.subList(before, filling.records.size()).clear();
                filling.bytes = bytesBefore;
                if (skipUnreadable) {
                    skip(e, filling);
                } else if (filling.records.isEmpty()) {
                    throw unreadable(e).asException();
                } else {
                    break;
                }
            }
        }
        return new DecodedRecords<>(
                filling.records, List.of(), filling.skipped, filling.bytes, next);
    }

    private void skip(UnreadableBatchException why, Filling filling) {
        long behind = BatchFrame.lastOffset(frames, at) + 1;
        filling.skipped.add(new SkippedRange(next, behind, String.valueOf(why.getMessage())));
        filling.full = filling.skipped.size() >= MAX_SKIPPED;
        next = behind;
        at += BatchFrame.frameLength(frames, at);
    }

    /** An answer that is being made. */
    private final class Filling {
        private final Bound bound;
        private final List<R> records = new ArrayList<>();
        private final List<SkippedRange> skipped = new ArrayList<>();
        private long bytes;
        private int headers;
        private boolean full;

        Filling(Bound bound) {
            this.bound = bound;
        }

        /** Whether there was room. */
        boolean add(R record) {
            long withIt = bytes + maker.bytes(reader, record);
            headers += reader.headersCount();
            if ((withIt > bound.bytes() || headers > MAX_HEADERS) && !records.isEmpty()) {
                full = true;
                return false;
            }
            bytes = withIt;
            records.add(record);
            full = records.size() >= bound.records();
            return true;
        }
    }

    /** Gives whether the batch is through; if not, the answer is full. */
    private boolean readBatch(Filling out) throws UnreadableBatchException {
        long last = BatchFrame.lastOffset(frames, at);
        if (next <= last) {
            if (!open) {
                reader.resetAt(batch(), next, RecordBatchReader.MAX_RECORD_BYTES);
                open = true;
            }
            while (leftOver || reader.next()) {
                leftOver = !out.add(maker.make(reader));
                if (!leftOver) {
                    next = reader.offset() + 1;
                }
                if (out.full) {
                    return false;
                }
            }
            // What is left of a batch behind its last record is passed over.
            next = Math.max(next, last + 1);
        }
        leaveBatch();
        return true;
    }

    private ByteBuffer batch() {
        return frames.slice(
                BatchFrame.batchPosition(at),
                BatchFrame.frameLength(frames, at) - BatchFrame.FRAME_HEADER_BYTES);
    }

    /** Names the batch at hand, of which nothing is given from the next offset on. */
    private Failure unreadable(UnreadableBatchException why) {
        int partition = BatchFrame.partition(frames, at);
        long behind = BatchFrame.lastOffset(frames, at) + 1;
        return Failure.refused(
                        ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                        "format",
                        "offsets %d to %d of partition %d are of a batch that cannot be read as"
                                        .formatted(next, behind - 1, partition)
                                + " records: %s. The next offset is %d"
                                        .formatted(why.getMessage(), behind))
                .with(
                        Map.of(
                                "partition", Integer.toString(partition),
                                "offset", Long.toString(next),
                                "next_offset", Long.toString(behind)));
    }
}
