package io.ackgate.storage.journal;

import io.ackgate.record.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Records that are written together: whole after a crash, or not there at all. */
final class JournalGroup {
    static final int HEADER_BYTES = 60;
    static final int MAGIC = 0x41474A31;

    /** Where the group stands, or will. */
    private JournalFile file;

    private int offset;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final CRC32C headsCrc = new CRC32C();
    private int length = HEADER_BYTES;
    private int records;

    JournalGroup(JournalFile file, int offset, ByteBuffer firstChunk) {
        this.file = file;
        this.offset = offset;
        chunks.add(firstChunk.clear().position(HEADER_BYTES));
    }

    JournalFile file() {
        return file;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    boolean holdsRecords() {
        return records > 0;
    }

    /** Bytes left in the file behind this group. */
    int room() {
        return file.capacity() - offset - length;
    }

    /** Gives the group another place: the one it had failed, and nothing of it was written. */
    void moveTo(JournalFile otherFile, int otherOffset) {
        file = otherFile;
        offset = otherOffset;
    }

    /** The chunk that takes the next {@code bytes}. */
    private ByteBuffer chunk(int bytes, ChunkPool pool) {
        ByteBuffer last = chunks.get(chunks.size() - 1);
        if (last.remaining() < bytes) {
            last = pool.take(bytes);
            chunks.add(last);
        }
        return last;
    }

    /** Adds a record that is all head. */
    void add(byte[] head, int headLength, ChunkPool pool) {
        chunk(headLength, pool).put(head, 0, headLength);
        added(head, headLength, headLength);
    }

    /** Adds an append: its head, and the frame behind it. */
    void add(byte[] head, int headLength, ByteBuffer frame, ChunkPool pool) {
        int frameBytes = frame.remaining();
        ByteBuffer chunk = chunk(headLength + frameBytes, pool);
        chunk.put(head, 0, headLength);
        int at = chunk.position();
        chunk.put(at, frame, frame.position(), frameBytes);
        chunk.position(at + frameBytes);
        added(head, headLength, headLength + frameBytes);
    }

    private void added(byte[] head, int headLength, int recordLength) {
        headsCrc.update(head, 0, headLength);
        length += recordLength;
        records++;
    }

    /** Writes the group, padded to whole blocks, but does not sync it. */
    void write(JournalPosition durable, JournalPosition follows, JournalSettings settings)
            throws IOException {
        ByteBuffer header = chunks.get(0);
        header.putInt(0, MAGIC)
                .putLong(8, file.generation())
                .putInt(16, offset)
                .putInt(20, length)
                .putLong(24, durable.generation())
                .putInt(32, durable.offset())
                .putInt(36, follows.offset())
                .putLong(40, follows.generation())
                .putInt(48, records)
                .putInt(52, (int) headsCrc.getValue())
                .putInt(56, file.capacity());
        header.putInt(4, headerCrc(header, 0));
        ByteBuffer[] parts = new ByteBuffer[chunks.size() + 1];
        for (int i = 0; i < chunks.size(); i++) {
            parts[i] = chunks.get(i).flip();
        }
        parts[chunks.size()] = ByteBuffer.allocate(settings.align(length) - length);
        file.file().write(parts, offset);
    }

    /** Where the next group begins. */
    JournalPosition end(JournalSettings settings) {
        return new JournalPosition(file.generation(), offset + settings.align(length));
    }

    void giveBack(ChunkPool pool) {
        chunks.forEach(pool::giveBack);
        chunks.clear();
    }

    static int headerCrc(ByteBuffer buffer, int position) {
        return Crc32c.of(buffer, position + 8, HEADER_BYTES - 8);
    }
}
