package io.ackgate.storage.journal;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A group whose header could be read.
 *
 * @param begin where it stands
 * @param durable what was known to be synced when it was written
 * @param follows end of the group before it
 * @param end where a next group would begin
 * @param whole whether its records could be read as well
 * @param records empty unless whole
 */
record ScannedGroup(
        JournalPosition begin,
        JournalPosition durable,
        JournalPosition follows,
        JournalPosition end,
        boolean whole,
        List<JournalRecord> records) {

    /** The group at a position, null if there is no header of one. */
    static @Nullable ScannedGroup read(ByteBuffer buffer, int at, long generation, int blockBytes) {
        if (buffer.getInt(at) != JournalGroup.MAGIC
                || buffer.getInt(at + 4) != JournalGroup.headerCrc(buffer, at)
                || buffer.getLong(at + 8) != generation
                || buffer.getInt(at + 16) != at) {
            return null;
        }
        int length = buffer.getInt(at + 20);
        int end = (at + length + blockBytes - 1) & -blockBytes;
        List<JournalRecord> records = records(buffer, at, length, generation);
        return new ScannedGroup(
                new JournalPosition(generation, at),
                new JournalPosition(buffer.getLong(at + 24), buffer.getInt(at + 32)),
                new JournalPosition(buffer.getLong(at + 40), buffer.getInt(at + 36)),
                new JournalPosition(generation, end),
                records != null,
                records == null ? List.of() : records);
    }

    private static @Nullable List<JournalRecord> records(
            ByteBuffer buffer, int group, int length, long generation) {
        int end = group + length;
        if (length < JournalGroup.HEADER_BYTES || end > buffer.limit()) {
            return null;
        }
        int count = buffer.getInt(group + 48);
        if (!readable(buffer, group, end, count)) {
            return null;
        }
        List<JournalRecord> records = new ArrayList<>(count);
        int at = group + JournalGroup.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            JournalRecord record = RecordCodec.get(buffer, at, generation);
            if (record == null) {
                return null;
            }
            records.add(record);
            at += buffer.getInt(at);
        }
        return records;
    }

    private static boolean readable(ByteBuffer buffer, int group, int end, int count) {
        CRC32C headsCrc = new CRC32C();
        int at = group + JournalGroup.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            int recordLength = RecordCodec.length(buffer, at, end - at);
            if (recordLength < 0) {
                return false;
            }
            headsCrc.update(buffer.slice(at, RecordCodec.headLength(buffer, at)));
            if (RecordCodec.isAppend(buffer, at) && !frameWhole(buffer, at, recordLength)) {
                return false;
            }
            at += recordLength;
        }
        return at == end && (int) headsCrc.getValue() == buffer.getInt(group + 52);
    }

    private static boolean frameWhole(ByteBuffer buffer, int record, int recordLength) {
        int frame = record + RecordCodec.APPEND_BYTES;
        int bytes = recordLength - RecordCodec.APPEND_BYTES;
        return bytes >= BatchFrame.HEAD_BYTES
                && BatchFrame.verify(buffer, frame) instanceof FrameVerdict.Ok(int frameLength)
                && frameLength == bytes;
    }
}
