package io.ackgate.record;

import static io.ackgate.record.UnreadableBatchException.malformed;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one batch after another:
 *
 * <pre>{@code
 * reader.reset(batch);
 * while (reader.next()) {
 *     use(reader.offset(), reader.key(), reader.value());
 * }
 * }</pre>
 *
 * <p>A record that {@link #next()} went to was checked to its last byte; everything that describes
 * it is then free of errors. What is handed out shares the memory of the batch (or of what it was
 * decompressed to) and must not be written to. The batch's own checksum is not looked at: it was
 * checked when the batch was taken out of its frame. A caller of {@link #resetAt} closes the
 * reader, or reads to the end. Confined to one thread.
 */
public final class RecordBatchReader implements AutoCloseable {
    /** The most that a compressed batch may become that is taken or read as records: 64 MiB. */
    public static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

    /** The most that one record of such a batch may have, as many as a plain batch: 16 MiB. */
    public static final int MAX_RECORD_BYTES = 16 << 20;

    /**
     * The most headers that one record may have: each takes far more memory than the bytes it has.
     */
    public static final int MAX_HEADERS = 10_000;

    private static final List<Decompressor> ALL =
            List.of(
                    new GzipDecompressor(),
                    new SnappyDecompressor(),
                    new Lz4Decompressor(),
                    new ZstdDecompressor());

    private static final ByteBuffer NO_RECORDS = ByteBuffer.allocate(0);

    private final Map<Compression, Decompressor> decompressors = new EnumMap<>(Compression.class);
    private final int maxDecompressedBytes;
    private final RecordHeaderCursor headers = new RecordHeaderCursor();

    private ByteBuffer records = NO_RECORDS;
    private RecordCursor cursor = new RecordCursor(records, 0, 0, 0);

    /** Where the records come from one by one; null where all of them are in memory. */
    private @Nullable RecordStream stream;

    /** With a stream: index of the first record wanted. */
    private int firstIndex;

    private long baseOffset;
    private long baseTimestampMillis;
    private long appendTimestampMillis;
    private boolean stampedAtAppend;
    private long timestampMillis;

    /**
     * A reader for batches of any compression.
     *
     * @param maxDecompressedBytes the most that a compressed batch may decompress to, at least 0
     * @param others decompressors to be used in place of those of this package
     */
    public RecordBatchReader(int maxDecompressedBytes, Decompressor... others) {
        if (maxDecompressedBytes < 0) {
            throw new IllegalArgumentException("maxDecompressedBytes " + maxDecompressedBytes);
        }
        this.maxDecompressedBytes = maxDecompressedBytes;
        ALL.forEach(one -> decompressors.put(one.compression(), one));
        for (Decompressor decompressor : others) {
            decompressors.put(decompressor.compression(), decompressor);
        }
    }

    /**
     * Starts a batch, in front of its first record.
     *
     * @param batch from its position: one v2 batch, stamped or not; bytes behind it are left alone.
     *     Must not change while it is read; its position and limit do not move.
     * @throws UnreadableBatchException if the header breaks the layout or the records do not
     *     decompress; the reader then has no records
     */
    public void reset(ByteBuffer batch) throws UnreadableBatchException {
        Decompressor decompressor = begin(batch);
        int start = batch.position();
        ByteBuffer stored = records(batch, start);
        records =
                decompressor == null
                        ? stored
                        : RecordStream.whole(decompressor, stored, maxDecompressedBytes);
        cursor =
                new RecordCursor(
                        records, 0, records.limit(), RecordBatch.recordsCount(batch, start));
    }

    /**
     * Starts a batch in front of its first record that has the offset given, or a higher one. The
     * records of a compressed batch are decompressed one by one as {@link #next()} goes on to them:
     * no more of them is in memory than the one at hand, and what lies behind the last one is not
     * decompressed. Faults of the compressed bytes are found only by then.
     *
     * @param batch as for {@link #reset}; it must not change until the last record was read
     * @param maxRecordBytes the most that one record of a compressed batch may have
     * @throws UnreadableBatchException as for {@link #reset}
     */
    public void resetAt(ByteBuffer batch, long offset, int maxRecordBytes)
            throws UnreadableBatchException {
        int start = batch.position();
        Decompressor decompressor = begin(batch);
        if (decompressor == null) {
            records = records(batch, start);
            cursor =
                    new RecordCursor(
                            records, 0, records.limit(), RecordBatch.recordsCount(batch, start));
        } else {
            stream =
                    new RecordStream(
                            decompressor,
                            records(batch, start),
                            RecordBatch.recordsCount(batch, start),
                            maxDecompressedBytes,
                            maxRecordBytes);
        }
        firstIndex = Math.clamp(offset - baseOffset, 0, Integer.MAX_VALUE);
    }

    private static ByteBuffer records(ByteBuffer batch, int start) {
        return batch.slice(
                start + RecordBatch.RECORDS,
                RecordBatch.sizeInBytes(batch, start) - RecordBatch.HEADER_BYTES);
    }

    /**
     * Leaves the batch: it, and what it was decompressed to, are held no more. The reader has no
     * records then, until it is reset to another batch.
     */
    @Override
    public void close() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
        firstIndex = 0;
        records = NO_RECORDS;
        cursor = new RecordCursor(records, 0, 0, 0);
        headers.reset(records, 0, 0);
    }

    /**
     * Bytes in use beside the batch: by the record at hand, if it was decompressed, and by the
     * decompressor.
     */
    public int bytesBesideBatch() {
        return stream == null ? 0 : records.limit() + stream.heldBytes();
    }

    private @Nullable Decompressor begin(ByteBuffer batch) throws UnreadableBatchException {
        BigEndian.require(batch);
        close();
        int start = batch.position();
        requireReadableHeader(batch, start);
        baseOffset = RecordBatch.baseOffset(batch, start);
        baseTimestampMillis = RecordBatch.baseTimestamp(batch, start);
        appendTimestampMillis = RecordBatch.maxTimestamp(batch, start);
        stampedAtAppend =
                (RecordBatch.attributes(batch, start) & RecordBatch.TIMESTAMP_TYPE_FLAG) != 0;
        return decompressorFor(batch, start);
    }

    private static void requireReadableHeader(ByteBuffer batch, int start)
            throws UnreadableBatchException {
        int available = batch.remaining();
        if (available < RecordBatch.HEADER_BYTES) {
            throw malformed(available + " bytes are no batch");
        }
        if (RecordBatch.magic(batch, start) != RecordBatch.MAGIC_V2) {
            throw malformed("batch magic " + RecordBatch.magic(batch, start) + " is not 2");
        }
        int length = RecordBatch.batchLength(batch, start);
        if (length < RecordBatch.HEADER_BYTES - RecordBatch.LOG_OVERHEAD_BYTES
                || length > available - RecordBatch.LOG_OVERHEAD_BYTES) {
            throw malformed("batch length " + length + " with " + available + " bytes there");
        }
        int count = RecordBatch.recordsCount(batch, start);
        if (count < 0) {
            throw malformed("records count " + count + " is negative");
        }
    }

    /** Null for plain records. */
    private @Nullable Decompressor decompressorFor(ByteBuffer batch, int start)
            throws UnreadableBatchException {
        Compression compression = RecordBatch.compression(batch, start);
        if (compression == null) {
            throw malformed("the attributes name no known compression");
        }
        return decompressors.get(compression);
    }

    /**
     * Goes on to the next record.
     *
     * @return false if there is none; the batch was then as long as its header says
     * @throws UnreadableBatchException if the bytes break the layout or do not fit the header; the
     *     records before were right, and the batch must not be read further
     */
    public boolean next() throws UnreadableBatchException {
        do {
            if (stream == null ? !cursor.next() : !nextOfStream(stream)) {
                return false;
            }
        } while (cursor.index() < firstIndex);
        if (stampedAtAppend) {
            timestampMillis = appendTimestampMillis;
            return true;
        }
        timestampMillis = baseTimestampMillis + cursor.timestampDelta;
        if (((baseTimestampMillis ^ timestampMillis) & (cursor.timestampDelta ^ timestampMillis))
                < 0) {
            throw malformed("record " + cursor.index() + " has a timestamp beyond 64 bits");
        }
        return true;
    }

    private boolean nextOfStream(RecordStream from) throws UnreadableBatchException {
        boolean found = false;
        try {
            if (from.next(firstIndex)) {
                records = from.record();
                cursor = new RecordCursor(records, from.index());
                found = cursor.next();
            }
            return found;
        } finally {
            if (!found) {
                from.close();
            }
        }
    }

    /** Offset of the record; counts from 0 in a batch that was not stamped. */
    public long offset() {
        return baseOffset + cursor.index();
    }

    /**
     * Timestamp of the record, or of its append if the batch says so.
     *
     * @return milliseconds since 1970-01-01T00:00Z
     */
    public long timestampMillis() {
        return timestampMillis;
    }

    /**
     * The plain records, into which the positions of this class point: for those who copy without
     * wanting a slice.
     */
    public ByteBuffer records() {
        return records;
    }

    /** Index of the key in {@link #records()}. */
    public int keyPosition() {
        return cursor.keyPosition;
    }

    /**
     * Size of the key.
     *
     * @return bytes, or -1 if the key is null
     */
    public int keyLength() {
        return cursor.keyLength;
    }

    /** The key as a slice; null and empty are distinct. */
    public @Nullable ByteBuffer key() {
        return nullableSlice(records, cursor.keyPosition, cursor.keyLength);
    }

    /** Index of the value in {@link #records()}. */
    public int valuePosition() {
        return cursor.valuePosition;
    }

    /**
     * Size of the value.
     *
     * @return bytes, or -1 if the value is null
     */
    public int valueLength() {
        return cursor.valueLength;
    }

    /** The value as a slice; null and empty are distinct. */
    public @Nullable ByteBuffer value() {
        return nullableSlice(records, cursor.valuePosition, cursor.valueLength);
    }

    /**
     * How many headers the record has.
     *
     * @return 0 or more
     */
    public int headersCount() {
        return cursor.headersCount;
    }

    /**
     * The record's headers from the first on; each call starts again. Valid until {@link #next()}.
     */
    public RecordHeaderCursor headers() {
        headers.reset(records, cursor.headersPosition, cursor.headersCount);
        return headers;
    }

    static @Nullable ByteBuffer nullableSlice(ByteBuffer buffer, int position, int length) {
        return length < 0 ? null : buffer.slice(position, length);
    }
}
