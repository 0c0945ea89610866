package io.ackgate.storage.journal;

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
 * @param whole whether all of it could be read
 * @param readable whether its records could be read, whatever has become of the batches that they
 *     carry
 * @param fileBytes size with which its file was made
 */
record ScannedGroup(
        JournalPosition begin,
        JournalPosition durable,
        JournalPosition follows,
        JournalPosition end,
        boolean whole,
        boolean readable,
        int fileBytes) {

    /** The group at a position of a file, null if there is no header of one. */
    static @Nullable ScannedGroup read(
            JournalWindow window, int at, long generation, int blockBytes) throws IOException {
        ByteBuffer header = headerAt(window, at);
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
        boolean readable = inFile && records(window.at(at, length), length, at, generation) != null;
        return new ScannedGroup(
                new JournalPosition(generation, at),
                durable,
                follows,
                new JournalPosition(generation, end),
                readable && framesWhole(window.at(at, length), length),
                readable,
                header.getInt(56));
    }

    /** The records of a group that could be read before; null if it cannot be any more. */
    static @Nullable List<JournalRecord> records(JournalWindow window, int at, long generation)
            throws IOException {
        int length = window.at(at, JournalGroup.HEADER_BYTES).getInt(20);
        return length < JournalGroup.HEADER_BYTES || length > window.size() - at
                ? null
                : records(window.at(at, length), length, at, generation);
    }

    /** A copy of a header, which outlives the window's next look. */
    private static ByteBuffer headerAt(JournalWindow window, int at) throws IOException {
        byte[] header = new byte[JournalGroup.HEADER_BYTES];
        window.at(at, header.length).get(0, header);
        return ByteBuffer.wrap(header);
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
            at += recordLength;
        }
        return at == end && (int) headsCrc.getValue() == buffer.getInt(52);
    }

    /** Whether every batch in a readable group is whole, and the one that its record tells of. */
    private static boolean framesWhole(ByteBuffer buffer, int end) {
        int at = JournalGroup.HEADER_BYTES;
        while (at < end) {
            if (RecordCodec.isAppend(buffer, at) && !RecordCodec.frameWhole(buffer, at)) {
                return false;
            }
            at += buffer.getInt(at);
        }
        return true;
    }
}
