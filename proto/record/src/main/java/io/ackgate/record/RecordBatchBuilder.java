package io.ackgate.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Builds one uncompressed RecordBatch v2 at a time, with {@link BatchFrame#FRAME_HEADER_BYTES} of
 * head room before it so that it can be stamped where it lies. Appending a record allocates nothing
 * unless the buffer has to grow.
 *
 * <p>A built batch is its holder's: the builder never writes to its memory again. Afterwards {@link
 * #reset()} or {@link #reset(ByteBuffer)} starts the next one. Confined to one thread.
 */
public final class RecordBatchBuilder {
    private static final int OVERHEAD_BYTES =
            BatchFrame.FRAME_HEADER_BYTES + RecordBatch.HEADER_BYTES;

    private static final int REFUSED = -1;

    private final int initialBytes;
    private final int maxBatchBytes;

    private ByteBuffer buffer;
    private boolean mayGrow;
    private boolean built;

    /** Absolute index of the head room. */
    private int start;

    /** Absolute index after the last record. */
    private int end;

    private int recordCount;
    private long baseTimestampMillis;
    private long maxTimestampMillis;
    private long producerId;
    private short producerEpoch;
    private int baseSequence;

    /**
     * A builder whose buffers are its own and grow on demand.
     *
     * @param initialBytes size of batch to start with, at least 0; more costs a copy
     * @param maxBatchBytes the greatest size of a batch, header included, at least {@link
     *     RecordBatch#HEADER_BYTES}
     */
    public RecordBatchBuilder(int initialBytes, int maxBatchBytes) {
        if (initialBytes < 0
                || maxBatchBytes < RecordBatch.HEADER_BYTES
                || maxBatchBytes > Integer.MAX_VALUE - 1024) {
            throw new IllegalArgumentException(
                    "initialBytes " + initialBytes + ", maxBatchBytes " + maxBatchBytes);
        }
        this.initialBytes =
                Math.max(RecordBatch.HEADER_BYTES, Math.min(initialBytes, maxBatchBytes));
        this.maxBatchBytes = maxBatchBytes;
        this.buffer = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + this.initialBytes);
        start(buffer, true);
    }

    /**
     * Starts the next batch in a buffer of the builder's own. Records that were not built are
     * dropped.
     */
    public void reset() {
        boolean canReuse = mayGrow && !built;
        start(
                canReuse
                        ? buffer
                        : ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + initialBytes),
                true);
    }

    /**
     * Starts the next batch in a buffer of the caller's, which is not left for a larger one: an
     * append that has no room there is refused. Records that were not built are dropped.
     *
     * @param target used from its position to its limit, head room first; big endian; its position
     *     and limit do not move
     * @throws IllegalArgumentException if it cannot even take the headers
     */
    public void reset(ByteBuffer target) {
        BigEndian.require(target);
        if (target.remaining() < OVERHEAD_BYTES) {
            throw new IllegalArgumentException(
                    target.remaining() + " bytes, at least " + OVERHEAD_BYTES + " are needed");
        }
        start(target, false);
    }

    private void start(ByteBuffer target, boolean growing) {
        buffer = target;
        mayGrow = growing;
        built = false;
        start = target.position();
        end = start + OVERHEAD_BYTES;
        recordCount = 0;
        baseTimestampMillis = 0;
        maxTimestampMillis = 0;
        producerId = RecordBatch.NO_PRODUCER_ID;
        producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
        baseSequence = RecordBatch.NO_SEQUENCE;
    }

    /**
     * Makes this the batch of an idempotent producer. May be called at any time before the batch is
     * built.
     *
     * @param producerId 0 or more
     * @param producerEpoch 0 or more
     * @param baseSequence sequence of the first record, 0 or more
     */
    public void producer(long producerId, short producerEpoch, int baseSequence) {
        requireOpen();
        if (producerId < 0 || producerEpoch < 0 || baseSequence < 0) {
            throw new IllegalArgumentException(
                    "producer id %d, epoch %d and sequence %d must be 0 or more"
                            .formatted(producerId, producerEpoch, baseSequence));
        }
        this.producerId = producerId;
        this.producerEpoch = producerEpoch;
        this.baseSequence = baseSequence;
    }

    /**
     * Appends a record without headers.
     *
     * @see #append(long, ByteBuffer, ByteBuffer, RecordHeaders)
     */
    public boolean append(long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {
        return append(timestampMillis, key, value, RecordHeaders.NONE);
    }

    /**
     * Appends a record from whole arrays.
     *
     * @see #append(long, ByteBuffer, ByteBuffer, RecordHeaders)
     */
    public boolean append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            RecordHeaders headers) {
        int keyLength = key == null ? -1 : key.length;
        int valueLength = value == null ? -1 : value.length;
        int at = begin(timestampMillis, keyLength, valueLength, headers);
        if (at == REFUSED) {
            return false;
        }
        ByteBuffer target = buffer;
        at = Varints.put(target, at, keyLength);
        if (key != null) {
            target.put(at, key);
            at += keyLength;
        }
        at = Varints.put(target, at, valueLength);
        if (value != null) {
            target.put(at, value);
            at += valueLength;
        }
        finish(at, headers);
        return true;
    }

    /**
     * Appends a record. Key, value and headers are copied; the buffers given stay as they are.
     *
     * @param timestampMillis milliseconds since 1970-01-01T00:00Z, 0 or more
     * @param key from position to limit; null is kept as null, distinct from empty
     * @param value from position to limit; null is kept as null, distinct from empty
     * @param headers {@link RecordHeaders#NONE} for none
     * @return false if the batch would become larger than the buffer or the maximum allows; nothing
     *     has changed then. On an empty batch this says that the record fits into none.
     * @throws IllegalArgumentException if the timestamp is negative
     * @throws IllegalStateException if the batch is built
     */
    public boolean append(
            long timestampMillis,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            RecordHeaders headers) {
        int keyLength = key == null ? -1 : key.remaining();
        int valueLength = value == null ? -1 : value.remaining();
        int at = begin(timestampMillis, keyLength, valueLength, headers);
        if (at == REFUSED) {
            return false;
        }
        ByteBuffer target = buffer;
        at = Varints.put(target, at, keyLength);
        if (key != null) {
            target.put(at, key, key.position(), keyLength);
            at += keyLength;
        }
        at = Varints.put(target, at, valueLength);
        if (value != null) {
            target.put(at, value, value.position(), valueLength);
            at += valueLength;
        }
        finish(at, headers);
        return true;
    }

    /**
     * Makes room and writes what stands before the key, or changes nothing.
     *
     * @return index of the key's length, or {@link #REFUSED}
     */
    private int begin(long timestampMillis, int keyLength, int valueLength, RecordHeaders headers) {
        requireOpen();
        if (timestampMillis < 0) {
            throw new IllegalArgumentException("timestamp " + timestampMillis + " is negative");
        }
        long delta = recordCount == 0 ? 0 : timestampMillis - baseTimestampMillis;
        long body = bodyBytes(delta, recordCount, keyLength, valueLength, headers);
        // The whole size is known to be below 2^31 before anything is narrowed to an int.
        long newEnd = end + body + (body > Integer.MAX_VALUE ? 5 : Varints.size((int) body));
        if (newEnd - start - BatchFrame.FRAME_HEADER_BYTES > maxBatchBytes
                || (newEnd > buffer.limit() && !grow(newEnd))) {
            return REFUSED;
        }
        if (recordCount == 0) {
            baseTimestampMillis = timestampMillis;
            maxTimestampMillis = timestampMillis;
        } else if (timestampMillis > maxTimestampMillis) {
            maxTimestampMillis = timestampMillis;
        }
        ByteBuffer target = buffer;
        int at = Varints.put(target, end, (int) body);
        target.put(at++, (byte) 0);
        at = Varints.put(target, at, delta);
        return Varints.put(target, at, recordCount);
    }

    private void finish(int index, RecordHeaders headers) {
        int at = Varints.put(buffer, index, headers.count());
        if (headers.count() > 0) {
            headers.copyTo(buffer, at);
            at += headers.sizeInBytes();
        }
        end = at;
        recordCount++;
    }

    private static long bodyBytes(
            long timestampDelta,
            int offsetDelta,
            int keyLength,
            int valueLength,
            RecordHeaders headers) {
        return 1L
                + Varints.size(timestampDelta)
                + Varints.size(offsetDelta)
                + Varints.size(keyLength)
                + Math.max(keyLength, 0)
                + Varints.size(valueLength)
                + Math.max(valueLength, 0)
                + Varints.size(headers.count())
                + headers.sizeInBytes();
    }

    private boolean grow(long neededLimit) {
        if (!mayGrow) {
            return false;
        }
        long greatest = (long) BatchFrame.FRAME_HEADER_BYTES + maxBatchBytes;
        int capacity = (int) Math.min(greatest, Math.max(neededLimit, 2L * buffer.capacity()));
        ByteBuffer larger = ByteBuffer.allocate(capacity);
        // What lies before the records is written when the batch is built.
        int firstRecord = start + OVERHEAD_BYTES;
        larger.put(firstRecord, buffer, firstRecord, end - firstRecord);
        buffer = larger;
        return true;
    }

    private void requireOpen() {
        if (built) {
            throw new IllegalStateException("the batch is built; reset the builder first");
        }
    }

    /**
     * How many records were appended.
     *
     * @return 0 or more
     */
    public int recordCount() {
        return recordCount;
    }

    /**
     * Bytes of the batch if it were built now.
     *
     * @return at least {@link RecordBatch#HEADER_BYTES}
     */
    public int sizeInBytes() {
        return end - start - BatchFrame.FRAME_HEADER_BYTES;
    }

    /**
     * Finishes the batch: base offset 0, no leader epoch, checksummed.
     *
     * @return the batch from position to limit; shares the builder's buffer
     * @throws IllegalStateException if there is no record, or the batch is built already
     */
    public ByteBuffer build() {
        close();
        return buffer.slice(start + BatchFrame.FRAME_HEADER_BYTES, sizeInBytes());
    }

    /**
     * Finishes the batch as {@link #build()} does and gives it with its head room, as {@link
     * BatchFrame#stampInPlace} takes it.
     *
     * @return head room and batch from position to limit; shares the builder's buffer
     * @throws IllegalStateException if there is no record, or the batch is built already
     */
    public ByteBuffer buildWithHeadRoom() {
        close();
        return buffer.slice(start, end - start);
    }

    private void close() {
        requireOpen();
        if (recordCount == 0) {
            throw new IllegalStateException("a batch has at least one record");
        }
        int batch = start + BatchFrame.FRAME_HEADER_BYTES;
        int size = sizeInBytes();
        buffer.putLong(batch + RecordBatch.BASE_OFFSET, 0L);
        buffer.putInt(batch + RecordBatch.BATCH_LENGTH, size - RecordBatch.LOG_OVERHEAD_BYTES);
        buffer.putInt(
                batch + RecordBatch.PARTITION_LEADER_EPOCH, RecordBatch.NO_PARTITION_LEADER_EPOCH);
        buffer.put(batch + RecordBatch.MAGIC, RecordBatch.MAGIC_V2);
        buffer.putShort(batch + RecordBatch.ATTRIBUTES, (short) 0);
        buffer.putInt(batch + RecordBatch.LAST_OFFSET_DELTA, recordCount - 1);
        buffer.putLong(batch + RecordBatch.BASE_TIMESTAMP, baseTimestampMillis);
        buffer.putLong(batch + RecordBatch.MAX_TIMESTAMP, maxTimestampMillis);
        buffer.putLong(batch + RecordBatch.PRODUCER_ID, producerId);
        buffer.putShort(batch + RecordBatch.PRODUCER_EPOCH, producerEpoch);
        buffer.putInt(batch + RecordBatch.BASE_SEQUENCE, baseSequence);
        buffer.putInt(batch + RecordBatch.RECORDS_COUNT, recordCount);
        buffer.putInt(batch + RecordBatch.CRC, RecordBatch.computeCrc(buffer, batch, size));
        built = true;
    }
}
