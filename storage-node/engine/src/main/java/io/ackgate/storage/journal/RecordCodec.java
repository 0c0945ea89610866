package io.ackgate.storage.journal;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a journal record: {@code length i32 | type u8 | 0 u8 | head length u16 | topic id 16 |
 * partition i32 | what the type adds}. Lengths include all of it.
 */
final class RecordCodec {
    /** Before what the type adds. */
    static final int PREFIX_BYTES = 28;

    /**
     * Before the frame of an append, and its head: the prefix, the high watermark, and what tells
     * the frame from every other, so that it is known which batch is damaged where the frame is.
     */
    static final int APPEND_BYTES = PREFIX_BYTES + 3 * Long.BYTES + Integer.BYTES;

    /** No record without a frame is longer. */
    static final int MAX_CONTROL_BYTES = 128;

    private static final int APPENDED = 1;
    private static final int FENCED = 2;
    private static final int ASSIGNED = 3;
    private static final int CUTTING = 4;
    private static final int SETTLED = 5;
    private static final int RESTARTED = 6;
    private static final int HIGH_WATERMARK = 7;
    private static final int LOG_START = 8;
    private static final int CONFIGURED = 9;
    private static final int DELETED = 10;
    private static final int FAULTED = 11;
    private static final int DAMAGED = 12;
    private static final int WHOLE = 13;

    private RecordCodec() {}

    /** Writes the head of an append, behind which the frame follows. */
    static void putAppend(
            ByteBuffer head, PartitionId partition, long highWatermark, ByteBuffer frame) {
        int frameBytes = frame.remaining();
        prefix(head, APPENDED, partition);
        int at = frame.position();
        head.putLong(highWatermark)
                .putLong(BatchFrame.baseOffset(frame, at))
                .putLong(RecordBatch.nextOffset(frame, BatchFrame.batchPosition(at)))
                .putInt(BatchFrame.frameCrc(frame, at));
        finish(head, APPEND_BYTES + frameBytes);
    }

    /** Writes a record that carries no frame. */
    static void put(ByteBuffer head, JournalRecord record) {
        PartitionId partition = record.partition();
        switch (record) {
            case JournalRecord.Appended _ ->
                    throw new IllegalArgumentException("an append is written with its frame");
            case JournalRecord.Fenced fenced ->
                    prefix(head, FENCED, partition).putInt(fenced.epoch());
            case JournalRecord.Assigned assigned -> {
                prefix(head, ASSIGNED, partition)
                        .putInt(assigned.epoch())
                        .putLong(assigned.incarnation().value())
                        .putLong(assigned.logSerial());
                StateCodec.putSettings(head, assigned.settings());
            }
            case JournalRecord.Cutting cutting ->
                    prefix(head, CUTTING, partition).putLong(cutting.logEnd());
            case JournalRecord.Settled settled ->
                    prefix(head, SETTLED, partition).putLong(settled.logEnd());
            case JournalRecord.Restarted restarted ->
                    prefix(head, RESTARTED, partition)
                            .putLong(restarted.logSerial())
                            .putLong(restarted.startOffset());
            case JournalRecord.HighWatermark watermark ->
                    prefix(head, HIGH_WATERMARK, partition).putLong(watermark.highWatermark());
            case JournalRecord.LogStart start ->
                    prefix(head, LOG_START, partition).putLong(start.logStart());
            case JournalRecord.Configured configured ->
                    StateCodec.putSettings(
                            prefix(head, CONFIGURED, partition), configured.settings());
            case JournalRecord.Deleted _ -> prefix(head, DELETED, partition);
            case JournalRecord.Faulted faulted ->
                    prefix(head, FAULTED, partition).putInt(StateCodec.code(faulted.fault()));
            case JournalRecord.Damaged damaged ->
                    prefix(head, DAMAGED, partition)
                            .putInt(StateCodec.code(damaged.fault()))
                            .putLong(damaged.below());
            case JournalRecord.Whole _ -> prefix(head, WHOLE, partition);
        }
        finish(head, head.position());
    }

    private static ByteBuffer prefix(ByteBuffer head, int type, PartitionId partition) {
        return head.clear()
                .putInt(0)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .putLong(partition.topic().high())
                .putLong(partition.topic().low())
                .putInt(partition.partition());
    }

    private static void finish(ByteBuffer head, int length) {
        head.putInt(0, length).putShort(6, (short) head.position()).flip();
    }

    /** The length at a record's start, or -1 if there cannot be a record in {@code available}. */
    static int length(ByteBuffer buffer, int position, int available) {
        if (available < PREFIX_BYTES) {
            return -1;
        }
        int length = buffer.getInt(position);
        int head = headLength(buffer, position);
        return length < PREFIX_BYTES || length > available || head < PREFIX_BYTES || head > length
                ? -1
                : length;
    }

    static int headLength(ByteBuffer buffer, int position) {
        return Short.toUnsignedInt(buffer.getShort(position + 6));
    }

    static boolean isAppend(ByteBuffer buffer, int position) {
        return buffer.get(position + 4) == APPENDED;
    }

    /**
     * Reads a record whose head has been checked.
     *
     * @param base where in the file the buffer begins
     * @return null if the type is unknown
     */
    static @Nullable JournalRecord get(ByteBuffer buffer, int position, int base, long generation) {
        PartitionId partition = partition(buffer, position);
        int at = position + PREFIX_BYTES;
        return switch (buffer.get(position + 4)) {
            case APPENDED ->
                    new JournalRecord.Appended(
                            partition,
                            buffer.getLong(at),
                            frameRef(buffer, position, base, generation));
            case FENCED -> new JournalRecord.Fenced(partition, buffer.getInt(at));
            case ASSIGNED ->
                    new JournalRecord.Assigned(
                            partition,
                            buffer.getInt(at),
                            new Incarnation(buffer.getLong(at + 4)),
                            buffer.getLong(at + 12),
                            StateCodec.settings(buffer, at + 20));
            case CUTTING -> new JournalRecord.Cutting(partition, buffer.getLong(at));
            case SETTLED -> new JournalRecord.Settled(partition, buffer.getLong(at));
            case RESTARTED ->
                    new JournalRecord.Restarted(
                            partition, buffer.getLong(at), buffer.getLong(at + 8));
            case HIGH_WATERMARK -> new JournalRecord.HighWatermark(partition, buffer.getLong(at));
            case LOG_START -> new JournalRecord.LogStart(partition, buffer.getLong(at));
            case CONFIGURED ->
                    new JournalRecord.Configured(partition, StateCodec.settings(buffer, at));
            case DELETED -> new JournalRecord.Deleted(partition);
            case FAULTED ->
                    new JournalRecord.Faulted(partition, StateCodec.fault(buffer.getInt(at)));
            case DAMAGED ->
                    new JournalRecord.Damaged(
                            partition, StateCodec.fault(buffer.getInt(at)), buffer.getLong(at + 4));
            case WHOLE -> new JournalRecord.Whole(partition);
            default -> null;
        };
    }

    /** Whose record it is. */
    static PartitionId partition(ByteBuffer buffer, int position) {
        return new PartitionId(
                new TopicId(buffer.getLong(position + 8), buffer.getLong(position + 16)),
                buffer.getInt(position + 24));
    }

    /** What an append's head, which has been checked, says of the frame behind it. */
    private static FrameRef frameRef(ByteBuffer buffer, int position, int base, long generation) {
        int at = position + PREFIX_BYTES + Long.BYTES;
        return new FrameRef(
                generation,
                base + position + APPEND_BYTES,
                buffer.getInt(position) - APPEND_BYTES,
                buffer.getInt(at + 2 * Long.BYTES),
                buffer.getLong(at),
                buffer.getLong(at + Long.BYTES));
    }

    /** Whether the frame of an append is whole, and the one that the head tells of. */
    static boolean frameWhole(ByteBuffer buffer, int position) {
        FrameRef told = frameRef(buffer, position, 0, 0);
        int frame = told.position();
        return told.length() >= BatchFrame.HEAD_BYTES
                && BatchFrame.verify(buffer, frame) instanceof FrameVerdict.Ok(int length)
                && length == told.length()
                && BatchFrame.frameCrc(buffer, frame) == told.frameCrc()
                && partition(buffer, position).owns(buffer, frame);
    }
}
