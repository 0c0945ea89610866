package io.ackgate.record;

import io.ackgate.record.FrameVerdict.Corrupt;
import io.ackgate.record.FrameVerdict.Defect;
import io.ackgate.record.FrameVerdict.Incomplete;
import io.ackgate.record.FrameVerdict.Ok;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frame around a stamped batch, in which it is sent to storage nodes and rests on their disks.
 * It holds what RecordBatch v2 leaves out or does not checksum: topic id, partition, offset and
 * leader epoch (KAFKA-19012 is what happens without), and when the batch was appended.
 *
 * <pre>
 *  0  u16  magic 0xA6A7
 *  2  u8   version 2
 *  3  u8   flags 0
 *  4  i32  frame length, this header included
 *  8  i64  topic id, high half
 * 16  i64  topic id, low half
 * 24  i32  partition
 * 28  u32  CRC-32C of frame bytes [0, 28) and then [32, 101): all but this field and the records
 * 32  i64  time of append by the clock of the owner that stamped it, milliseconds since 1970
 * 40  ...  the batch; its own crc, at 57, is of everything from its attributes to its end
 * </pre>
 *
 * <p>The frame's checksum covers the batch's, and so the whole frame, although the records are
 * checksummed only once, by the one that built the batch (ADR 0005). Stamping therefore costs the
 * same for every size of batch and needs no access to the records.
 *
 * <p>All methods take a buffer and an absolute position, or, where there is no position, work from
 * the buffer's position to its limit. None of them moves either.
 */
public final class BatchFrame {
    /** u16: tells a frame from anything else. */
    public static final int MAGIC = 0xA6A7;

    /** u8: version of the layout. */
    public static final int VERSION = 2;

    /** Bytes before the batch. */
    public static final int FRAME_HEADER_BYTES = 40;

    /** Bytes of the frame's header and the batch's header: all that stamping reads and writes. */
    public static final int HEAD_BYTES = FRAME_HEADER_BYTES + RecordBatch.HEADER_BYTES;

    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 2;
    private static final int FLAGS_AT = 3;
    private static final int FRAME_LENGTH_AT = 4;
    private static final int TOPIC_ID_HIGH_AT = 8;
    private static final int TOPIC_ID_LOW_AT = 16;
    private static final int PARTITION_AT = 24;
    private static final int CRC_AT = 28;
    private static final int APPEND_TIME_AT = 32;

    private BatchFrame() {}

    /**
     * Stamps a batch that has head room in its own buffer. Afterwards the buffer holds a frame that
     * {@link #verify(ByteBuffer, int)} accepts, provided that the batch's own crc was right.
     *
     * @param frame from its position to its limit: {@link #FRAME_HEADER_BYTES} of any content, then
     *     exactly one batch
     * @param topicIdHigh high half of the topic id
     * @param topicIdLow low half of the topic id
     * @param partition 0 or more
     * @param baseOffset offset of the batch's first record, 0 or more
     * @param leaderEpoch epoch in which it is appended, 0 or more
     * @param appendMillis when it is appended, milliseconds since 1970-01-01T00:00Z
     * @throws IllegalArgumentException if a number is out of bounds, or if the bytes are not
     *     exactly one v2 batch: such bytes are refused at the edge, so that they are a bug here
     */
    public static void stampInPlace(
            ByteBuffer frame,
            long topicIdHigh,
            long topicIdLow,
            int partition,
            long baseOffset,
            int leaderEpoch,
            long appendMillis) {
        int start = frame.position();
        requireOneBatch(frame, start + FRAME_HEADER_BYTES);
        if (partition < 0 || baseOffset < 0 || leaderEpoch < 0) {
            throw new IllegalArgumentException(
                    "partition %d, base offset %d and leader epoch %d must be 0 or more"
                            .formatted(partition, baseOffset, leaderEpoch));
        }
        frame.putShort(start + MAGIC_AT, (short) MAGIC);
        frame.put(start + VERSION_AT, (byte) VERSION);
        frame.put(start + FLAGS_AT, (byte) 0);
        frame.putInt(start + FRAME_LENGTH_AT, frame.remaining());
        frame.putLong(start + TOPIC_ID_HIGH_AT, topicIdHigh);
        frame.putLong(start + TOPIC_ID_LOW_AT, topicIdLow);
        frame.putInt(start + PARTITION_AT, partition);
        frame.putLong(start + APPEND_TIME_AT, appendMillis);
        int batch = start + FRAME_HEADER_BYTES;
        frame.putLong(batch + RecordBatch.BASE_OFFSET, baseOffset);
        frame.putInt(batch + RecordBatch.PARTITION_LEADER_EPOCH, leaderEpoch);
        frame.putInt(start + CRC_AT, computeFrameCrc(frame, start));
    }

    private static void requireOneBatch(ByteBuffer buffer, int start) {
        BigEndian.require(buffer);
        int bytes = buffer.limit() - start;
        if (bytes < RecordBatch.HEADER_BYTES
                || RecordBatch.magic(buffer, start) != RecordBatch.MAGIC_V2
                || RecordBatch.sizeInBytes(buffer, start) != bytes) {
            throw new IllegalArgumentException(bytes + " bytes are not exactly one v2 batch");
        }
    }

    /**
     * Checks everything about the frame at a position: both checksums, and that the headers agree
     * on the length. Never throws for what the bytes hold.
     *
     * <p>The frame's length is believed only once the header's checksum fits. A scan over a file of
     * frames can therefore rely on {@link Incomplete} meaning that the file ends too early, and not
     * that a length field has changed.
     *
     * @param buffer holds frames up to its limit
     * @param position absolute index of the frame's first byte, 0 to the limit
     * @return {@link Ok} only if every byte of the frame is as it was stamped
     */
    public static FrameVerdict verify(ByteBuffer buffer, int position) {
        FrameVerdict header = verifyHeader(buffer, position);
        if (!(header instanceof Ok(int frameLength))) {
            return header;
        }
        if (buffer.limit() - position < frameLength) {
            return new Incomplete(frameLength);
        }
        int batch = position + FRAME_HEADER_BYTES;
        int computed = RecordBatch.computeCrc(buffer, batch, frameLength - FRAME_HEADER_BYTES);
        int stored = RecordBatch.crc(buffer, batch);
        return computed == stored
                ? header
                : new Corrupt(Defect.BATCH_CRC, crcDetail("batch", stored, computed));
    }

    /**
     * Checks the frame's header and the batch's header, but not the records: enough to believe
     * every accessor of this class and of {@link RecordBatch}.
     *
     * @param buffer holds frames up to its limit
     * @param position absolute index of the frame's first byte, 0 to the limit
     * @return {@link Ok} if the first {@link #HEAD_BYTES} are as they were stamped, even when the
     *     rest of the frame is not there; {@link Incomplete} if those are not all there
     */
    public static FrameVerdict verifyHeader(ByteBuffer buffer, int position) {
        BigEndian.require(buffer);
        int available = buffer.limit() - position;
        Corrupt prefix = prefixDefect(buffer, position, available);
        if (prefix != null) {
            return prefix;
        }
        if (available < HEAD_BYTES) {
            return new Incomplete(HEAD_BYTES);
        }
        int computed = computeFrameCrc(buffer, position);
        int stored = frameCrc(buffer, position);
        if (computed != stored) {
            return new Corrupt(Defect.HEADER_CRC, crcDetail("frame", stored, computed));
        }
        return contradiction(buffer, position);
    }

    /** Looks at what says how to read the rest, as far as it is there. */
    private static @Nullable Corrupt prefixDefect(ByteBuffer buffer, int position, int available) {
        for (int i = 0; i < Short.BYTES && i < available; i++) {
            if (buffer.get(position + MAGIC_AT + i) != (byte) (MAGIC >>> (8 - 8 * i))) {
                return new Corrupt(Defect.NOT_A_FRAME, "the bytes do not start with a frame");
            }
        }
        if (available > VERSION_AT && buffer.get(position + VERSION_AT) != VERSION) {
            int version = Byte.toUnsignedInt(buffer.get(position + VERSION_AT));
            return new Corrupt(
                    Defect.UNSUPPORTED_VERSION, "frame version " + version + " is unknown");
        }
        if (available > FLAGS_AT && buffer.get(position + FLAGS_AT) != 0) {
            int flags = Byte.toUnsignedInt(buffer.get(position + FLAGS_AT));
            return new Corrupt(Defect.UNSUPPORTED_FLAGS, "frame flags " + flags + " are unknown");
        }
        return null;
    }

    /** Guards the accessors against headers that were wrong before they were checksummed. */
    private static FrameVerdict contradiction(ByteBuffer buffer, int position) {
        int frameLength = frameLength(buffer, position);
        int batch = position + FRAME_HEADER_BYTES;
        if (frameLength < HEAD_BYTES
                || RecordBatch.batchLength(buffer, batch)
                        != frameLength - FRAME_HEADER_BYTES - RecordBatch.LOG_OVERHEAD_BYTES) {
            return new Corrupt(
                    Defect.CONTRADICTION,
                    "frame length %d does not fit batch length %d"
                            .formatted(frameLength, RecordBatch.batchLength(buffer, batch)));
        }
        if (RecordBatch.magic(buffer, batch) != RecordBatch.MAGIC_V2) {
            return new Corrupt(
                    Defect.CONTRADICTION,
                    "batch magic " + RecordBatch.magic(buffer, batch) + " is not 2");
        }
        return new Ok(frameLength);
    }

    private static String crcDetail(String what, int stored, int computed) {
        return "%s crc is %08x, its bytes give %08x".formatted(what, stored, computed);
    }

    private static int computeFrameCrc(ByteBuffer buffer, int position) {
        CRC32C crc = new CRC32C();
        Crc32c.update(crc, buffer, position, CRC_AT);
        Crc32c.update(crc, buffer, position + APPEND_TIME_AT, HEAD_BYTES - APPEND_TIME_AT);
        return (int) crc.getValue();
    }

    /**
     * Bytes of the frame, header included.
     *
     * @return at least {@link #HEAD_BYTES} in a frame whose header was verified
     */
    public static int frameLength(ByteBuffer buffer, int position) {
        return buffer.getInt(position + FRAME_LENGTH_AT);
    }

    /** High half of the topic id. */
    public static long topicIdHigh(ByteBuffer buffer, int position) {
        return buffer.getLong(position + TOPIC_ID_HIGH_AT);
    }

    /** Low half of the topic id. */
    public static long topicIdLow(ByteBuffer buffer, int position) {
        return buffer.getLong(position + TOPIC_ID_LOW_AT);
    }

    /** The partition, 0 or more. */
    public static int partition(ByteBuffer buffer, int position) {
        return buffer.getInt(position + PARTITION_AT);
    }

    /**
     * The frame's checksum. Two frames with the same one hold, but for a chance of 2^-32, the same
     * bytes under the same topic, partition, offset and epoch: this is how a repeat is told from
     * another batch at the same offset.
     *
     * @return the unsigned 32 bits as an int
     */
    public static int frameCrc(ByteBuffer buffer, int position) {
        return buffer.getInt(position + CRC_AT);
    }

    /**
     * When the batch was appended, by the clock of the owner that did. It never goes back within a
     * leader epoch, nor from one to the next: see the gateway's {@code AppendClock}.
     *
     * @return milliseconds since 1970-01-01T00:00Z
     */
    public static long appendMillis(ByteBuffer buffer, int position) {
        return buffer.getLong(position + APPEND_TIME_AT);
    }

    /**
     * Where the batch starts, for the accessors of {@link RecordBatch}.
     *
     * @return absolute index in the same buffer
     */
    public static int batchPosition(int position) {
        return position + FRAME_HEADER_BYTES;
    }

    /** Offset of the batch's first record, 0 or more. */
    public static long baseOffset(ByteBuffer buffer, int position) {
        return RecordBatch.baseOffset(buffer, batchPosition(position));
    }

    /** Offset of the batch's last record. */
    public static long lastOffset(ByteBuffer buffer, int position) {
        return RecordBatch.lastOffset(buffer, batchPosition(position));
    }

    /** The leader epoch that appended the batch, 0 or more: its epoch of origin. */
    public static int leaderEpoch(ByteBuffer buffer, int position) {
        return RecordBatch.partitionLeaderEpoch(buffer, batchPosition(position));
    }

    /** Id of the idempotent producer, or {@link RecordBatch#NO_PRODUCER_ID}. */
    public static long producerId(ByteBuffer buffer, int position) {
        return RecordBatch.producerId(buffer, batchPosition(position));
    }

    /** Epoch of the idempotent producer, or {@link RecordBatch#NO_PRODUCER_EPOCH}. */
    public static short producerEpoch(ByteBuffer buffer, int position) {
        return RecordBatch.producerEpoch(buffer, batchPosition(position));
    }

    /** The producer's sequence of the first record, or {@link RecordBatch#NO_SEQUENCE}. */
    public static int baseSequence(ByteBuffer buffer, int position) {
        return RecordBatch.baseSequence(buffer, batchPosition(position));
    }

    /** How many records the batch holds, 1 or more. */
    public static int recordsCount(ByteBuffer buffer, int position) {
        return RecordBatch.recordsCount(buffer, batchPosition(position));
    }
}
