package io.ackgate.storage.journal;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import java.io.IOException;
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

    /** The group at a position of a file, null if there is no header of one. */
    static @Nullable ScannedGroup read(
            JournalWindow window, int at, long generation, int blockBytes) throws IOException {
        ByteBuffer header = window.at(at, JournalGroup.HEADER_BYTES);
        if (header.getInt(0) != JournalGroup.MAGIC
                || header.getInt(4) != JournalGroup.headerCrc(header, 0)
                || header.getLong(8) != generation
                || header.getInt(16) != at) {
            return null;
        }
        int length = header.getInt(20);
        JournalPosition durable = new JournalPosition(header.getLong(24), header.getInt(32));
        JournalPosition follows = new JournalPosition(header.getLong(40), header.getInt(36));
        int end = (at + length + blockBytes - 1) & -blockBytes;
        boolean inFile = length >= JournalGroup.HEADER_BYTES && length <= window.size() - at;
        List<JournalRecord> records =
                inFile ? records(window.at(at, length), length, at, generation) : null;
        return new ScannedGroup(
                new JournalPosition(generation, at),
                durable,
                follows,
                new JournalPosition(generation, end),
                records != null,
                records == null ? List.of() : records);
    }

    /** Reads the records of the group that begins the buffer and stands at {@code begin}. */
    private static @Nullable List<JournalRecord> records(
            ByteBuffer buffer, int length, int begin, long generation) {
        int count = buffer.getInt(48);
        if (!readable(buffer, length, count)) {
            return null;
        }
        List<JournalRecord> records = new ArrayList<>(count);
        int at = JournalGroup.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            JournalRecord record = RecordCodec.get(buffer, at, begin, generation);
            if (record == null) {
                return null;
            }
            records.add(record);
            at += buffer.getInt(at);
        }
        return records;
    }

    private static boolean readable(ByteBuffer buffer, int end, int count) {
        CRC32C headsCrc = new CRC32C();
        int at = JournalGroup.HEADER_BYTES;
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
        return at == end && (int) headsCrc.getValue() == buffer.getInt(52);
    }

    private static boolean frameWhole(ByteBuffer buffer, int record, int recordLength) {
        int frame = record + RecordCodec.APPEND_BYTES;
        int bytes = recordLength - RecordCodec.APPEND_BYTES;
        return bytes >= BatchFrame.HEAD_BYTES
                && BatchFrame.verify(buffer, frame) instanceof FrameVerdict.Ok(int frameLength)
                && frameLength == bytes;
    }
}
