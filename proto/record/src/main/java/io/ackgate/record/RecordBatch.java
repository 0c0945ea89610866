package io.ackgate.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Layout of Kafka's RecordBatch v2 and access to its header where it lies: in a buffer, at an
 * absolute position. Nothing is copied, checked or allocated; buffers are big endian, and a header
 * that reaches beyond the limit ends in {@link IndexOutOfBoundsException}. Bytes from outside are
 * checked first, by {@link BatchValidator} or {@link BatchFrame#verify(ByteBuffer, int)}.
 */
public final class RecordBatch {
    /** i64: offset of the first record. Outside the batch's crc, so that it can be stamped. */
    public static final int BASE_OFFSET = 0;

    /** i32: bytes that follow this field. */
    public static final int BATCH_LENGTH = 8;

    /** i32: leader epoch that appended the batch. Outside the batch's crc. */
    public static final int PARTITION_LEADER_EPOCH = 12;

    /** i8: version of the layout, {@link #MAGIC_V2}. */
    public static final int MAGIC = 16;

    /** u32: CRC-32C of everything from {@link #ATTRIBUTES} to the end of the batch. */
    public static final int CRC = 17;

    /** i16: see {@link #COMPRESSION_MASK} and the flags beside it. */
    public static final int ATTRIBUTES = 21;

    /** i32: offset of the last record minus the base offset. */
    public static final int LAST_OFFSET_DELTA = 23;

    /**
     * i64: milliseconds since 1970-01-01T00:00Z of the first record; the others are deltas to it.
     */
    public static final int BASE_TIMESTAMP = 27;

    /** i64: the greatest timestamp of the batch, in milliseconds since 1970-01-01T00:00Z. */
    public static final int MAX_TIMESTAMP = 35;

    /** i64: id of an idempotent producer, or {@link #NO_PRODUCER_ID}. */
    public static final int PRODUCER_ID = 43;

    /** i16: epoch of that producer, or {@link #NO_PRODUCER_EPOCH}. */
    public static final int PRODUCER_EPOCH = 51;

    /** i32: the producer's sequence of the first record, or {@link #NO_SEQUENCE}. */
    public static final int BASE_SEQUENCE = 53;

    /** i32: how many records follow. */
    public static final int RECORDS_COUNT = 57;

    /** The first record, or the first byte of the compressed records. */
    public static final int RECORDS = 61;

    /** Bytes of the header: everything before {@link #RECORDS}. */
    public static final int HEADER_BYTES = RECORDS;

    /** Bytes up to and including {@link #BATCH_LENGTH}, which that field does not count. */
    public static final int LOG_OVERHEAD_BYTES = 12;

    /** The only magic that is accepted. */
    public static final byte MAGIC_V2 = 2;

    /** Producer id of a batch without idempotence. */
    public static final long NO_PRODUCER_ID = -1L;

    /** Producer epoch of a batch without idempotence. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** Base sequence of a batch without idempotence. */
    public static final int NO_SEQUENCE = -1;

    /** Leader epoch of a batch that has not been stamped. */
    public static final int NO_PARTITION_LEADER_EPOCH = -1;

    /** Attribute bits 0 to 2: the id of a {@link Compression}. */
    public static final int COMPRESSION_MASK = 0x07;

    /** Attribute bit 3: timestamps are the time of append instead of the time of creation. */
    public static final int TIMESTAMP_TYPE_FLAG = 0x08;

    /** Attribute bit 4: the batch belongs to a transaction. */
    public static final int TRANSACTIONAL_FLAG = 0x10;

    /** Attribute bit 5: the batch holds control records. */
    public static final int CONTROL_FLAG = 0x20;

    private RecordBatch() {}

    /**
     * Offset of the first record.
     *
     * @return 0 or more once stamped
     */
    public static long baseOffset(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_OFFSET);
    }

    /**
     * Offset of the last record: base offset plus last offset delta.
     *
     * @return at least the base offset
     */
    public static long lastOffset(ByteBuffer buffer, int position) {
        return baseOffset(buffer, position) + lastOffsetDelta(buffer, position);
    }

    /**
     * Offset of the first record of the batch that follows this one.
     *
     * @return last offset + 1
     */
    public static long nextOffset(ByteBuffer buffer, int position) {
        return lastOffset(buffer, position) + 1;
    }

    /**
     * The length field: the bytes of the batch that follow it.
     *
     * @return size in bytes minus {@link #LOG_OVERHEAD_BYTES}
     */
    public static int batchLength(ByteBuffer buffer, int position) {
        return buffer.getInt(position + BATCH_LENGTH);
    }

    /**
     * Bytes of the whole batch, header included.
     *
     * @return length field + {@link #LOG_OVERHEAD_BYTES}; meaningless when the length was not
     *     checked
     */
    public static int sizeInBytes(ByteBuffer buffer, int position) {
        return batchLength(buffer, position) + LOG_OVERHEAD_BYTES;
    }

    /**
     * Leader epoch in which the batch was appended, its epoch of origin.
     *
     * @return 0 or more once stamped, before that {@link #NO_PARTITION_LEADER_EPOCH}
     */
    public static int partitionLeaderEpoch(ByteBuffer buffer, int position) {
        return buffer.getInt(position + PARTITION_LEADER_EPOCH);
    }

    /**
     * Version of the layout.
     *
     * @return {@link #MAGIC_V2} in every batch that was accepted
     */
    public static byte magic(ByteBuffer buffer, int position) {
        return buffer.get(position + MAGIC);
    }

    /**
     * The checksum that the header holds.
     *
     * @return the unsigned 32 bits as an int
     */
    public static int crc(ByteBuffer buffer, int position) {
        return buffer.getInt(position + CRC);
    }

    /**
     * The attribute bits.
     *
     * @return see the masks and flags of this class
     */
    public static short attributes(ByteBuffer buffer, int position) {
        return buffer.getShort(position + ATTRIBUTES);
    }

    /**
     * How the records are compressed.
     *
     * @return null when the attributes name no known compression
     */
    public static @Nullable Compression compression(ByteBuffer buffer, int position) {
        return Compression.ofAttributes(attributes(buffer, position));
    }

    /**
     * Offset of the last record minus base offset.
     *
     * @return records count minus 1 in every batch that was accepted
     */
    public static int lastOffsetDelta(ByteBuffer buffer, int position) {
        return buffer.getInt(position + LAST_OFFSET_DELTA);
    }

    /**
     * Timestamp of the first record.
     *
     * @return milliseconds since 1970-01-01T00:00Z, 0 or more in every batch that was accepted
     */
    public static long baseTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + BASE_TIMESTAMP);
    }

    /**
     * The greatest timestamp of the batch.
     *
     * @return milliseconds since 1970-01-01T00:00Z, at least the base timestamp in every batch that
     *     was accepted
     */
    public static long maxTimestamp(ByteBuffer buffer, int position) {
        return buffer.getLong(position + MAX_TIMESTAMP);
    }

    /**
     * Id of the idempotent producer.
     *
     * @return 0 or more, or {@link #NO_PRODUCER_ID}
     */
    public static long producerId(ByteBuffer buffer, int position) {
        return buffer.getLong(position + PRODUCER_ID);
    }

    /**
     * Epoch of the idempotent producer.
     *
     * @return 0 or more, or {@link #NO_PRODUCER_EPOCH}
     */
    public static short producerEpoch(ByteBuffer buffer, int position) {
        return buffer.getShort(position + PRODUCER_EPOCH);
    }

    /**
     * The producer's sequence of the first record.
     *
     * @return 0 or more, or {@link #NO_SEQUENCE}
     */
    public static int baseSequence(ByteBuffer buffer, int position) {
        return buffer.getInt(position + BASE_SEQUENCE);
    }

    /**
     * The producer's sequence of the last record; see {@link Sequence#lastSequence(int, int)}.
     *
     * @return 0 or more, or {@link #NO_SEQUENCE} for a batch without idempotence
     */
    public static int lastSequence(ByteBuffer buffer, int position) {
        int baseSequence = baseSequence(buffer, position);
        return baseSequence == NO_SEQUENCE
                ? NO_SEQUENCE
                : Sequence.lastSequence(baseSequence, recordsCount(buffer, position));
    }

    /**
     * How many records the header announces.
     *
     * @return 1 or more in every batch that was accepted
     */
    public static int recordsCount(ByteBuffer buffer, int position) {
        return buffer.getInt(position + RECORDS_COUNT);
    }

    /**
     * Computes the checksum that {@link #crc(ByteBuffer, int)} must equal: over everything from the
     * attributes to the end of the batch.
     *
     * @param sizeInBytes bytes of the whole batch, at least {@link #HEADER_BYTES}
     * @return the unsigned 32 bits as an int
     */
    public static int computeCrc(ByteBuffer buffer, int position, int sizeInBytes) {
        return Crc32c.of(buffer, position + ATTRIBUTES, sizeInBytes - ATTRIBUTES);
    }

    /**
     * Checksum of the records alone, without the header: what a retry of the same records has in
     * common with its original. It leaves out the base timestamp, which the gateway sets when the
     * producer does not, and offset, epoch and sequence. The header is enough to tell it: the
     * records are not read.
     *
     * @param position of a batch whose own crc is right
     * @return the unsigned 32 bits of a CRC-32C as an int
     */
    public static int recordsCrc(ByteBuffer buffer, int position) {
        return Crc32c.ofTail(
                crc(buffer, position),
                Crc32c.of(buffer, position + ATTRIBUTES, RECORDS - ATTRIBUTES),
                sizeInBytes(buffer, position) - RECORDS);
    }
}
