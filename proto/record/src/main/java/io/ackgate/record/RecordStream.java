package io.ackgate.record;

import static io.ackgate.record.UnreadableBatchException.malformed;

import io.ackgate.record.UnreadableBatchException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The plain records of a compressed batch, one after the other: whatever it decompresses to, one
 * record of it is in memory, and nothing is decompressed behind the last one that was asked for.
 * The checksums of the compressed bytes are held against them only where their end is reached. Its
 * opener closes it: a decompressor may have memory outside the heap. Confined to one thread.
 */
final class RecordStream implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 10;

    /** What is taken for a record before any of it is there, however long it says that it is. */
    private static final int FIRST_RECORD_BYTES = 8 * BUFFER_BYTES;

    /** How much more is taken for a record that has filled what it has. */
    private static final int GROWTH = 4;

    /** What a JVM can allocate in one piece, header of the array left aside. */
    private static final int GREATEST_ARRAY = Integer.MAX_VALUE - 8;

    private final InputStream plain;
    private final int recordsCount;
    private final int maxBytes;
    private final int maxRecordBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private long taken;
    private int index = -1;
    private boolean closed;

    /** Of the record that it went on to, without the length itself. */
    private int length;

    /**
     * In front of the first record.
     *
     * @param maxBytes what may be decompressed, skipped records included
     * @param maxRecordBytes what one record may have that is not skipped
     */
    RecordStream(
            Decompressor decompressor,
            ByteBuffer compressed,
            int recordsCount,
            int maxBytes,
            int maxRecordBytes)
            throws UnreadableBatchException {
        this.recordsCount = recordsCount;
        this.maxBytes = maxBytes;
        this.maxRecordBytes = maxRecordBytes;
        try {
            this.plain = decompressor.stream(compressed);
        } catch (IOException e) {
            throw invalid(e);
        }
    }

    /**
     * All plain records at once.
     *
     * @param maxBytes the most that may come out
     */
    static ByteBuffer whole(Decompressor decompressor, ByteBuffer compressed, int maxBytes)
            throws UnreadableBatchException {
        // One byte more than is allowed, to see whether there is one.
        int most = Math.min(maxBytes, GREATEST_ARRAY - 1) + 1;
        try (InputStream plain = decompressor.stream(compressed)) {
            byte[] bytes = plain.readNBytes(most);
            if (bytes.length == most) {
                throw tooLarge(maxBytes);
            }
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw invalid(e);
        }
    }

    private static UnreadableBatchException tooLarge(int maxBytes) {
        return new UnreadableBatchException(
                Reason.TOO_LARGE, "the records decompress to more than " + maxBytes + " bytes");
    }

    /** The index of the record that is given next, or of the last one given. */
    int index() {
        return index;
    }

    /**
     * Goes on to the next record.
     *
     * @param least index of the first one wanted; those before it are passed over
     * @return false if there is none
     */
    boolean next(int least) throws UnreadableBatchException {
        while (index + 1 < recordsCount) {
            index++;
            length = varint();
            if (length < 0) {
                throw malformed("record " + index + " has length " + length);
            }
            if (index >= least) {
                return true;
            }
            skip(length);
        }
        if (fill()) {
            throw malformed("bytes are left behind the last record");
        }
        return false;
    }

    /**
     * The record that it went on to, with its length in front; once. It takes memory as it is
     * decompressed, since its length is only what a few bytes say: at most four times what has
     * come, and a fourth more than the whole record in the end.
     */
    ByteBuffer record() throws UnreadableBatchException {
        if (length > maxRecordBytes) {
            throw new UnreadableBatchException(
                    Reason.TOO_LARGE,
                    "record %d has %d bytes when it is decompressed, of at most %d"
                            .formatted(index, length, maxRecordBytes));
        }
        ByteBuffer record = ByteBuffer.allocate(Math.min(recordBytes(), FIRST_RECORD_BYTES));
        record.position(Varints.put(record, 0, length));
        int left = length;
        while (left > 0) {
            int more = some(left);
            if (record.remaining() < more) {
                record = grown(record);
            }
            record.put(buffer, at, more);
            at += more;
            left -= more;
        }
        return record.flip();
    }

    /** What the record takes, with its length in front. */
    private int recordBytes() {
        return Varints.MAX_INT_BYTES + length;
    }

    /** The same bytes with room for more of the record; it is full but for less than a buffer. */
    private ByteBuffer grown(ByteBuffer record) {
        int most = (int) Math.min(recordBytes(), (long) GROWTH * record.capacity());
        return ByteBuffer.allocate(most).put(record.flip());
    }

    /** Gives the decompressor's memory back; there are no more records then. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            plain.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream over memory could not be closed", e);
        }
    }

    /** Bytes in use beside the compressed ones and the record that was given. */
    int heldBytes() {
        return closed
                ? 0
                : BUFFER_BYTES + (plain instanceof HoldsMemory held ? held.heldBytes() : 0);
    }

    private void skip(int bytes) throws UnreadableBatchException {
        int left = bytes;
        while (left > 0) {
            int more = some(left);
            at += more;
            left -= more;
        }
    }

    /** How many of so many bytes are in the buffer: one or more. */
    private int some(int wanted) throws UnreadableBatchException {
        if (at == end && !fill()) {
            throw malformed("the records end within record " + index);
        }
        return Math.min(wanted, end - at);
    }

    private int varint() throws UnreadableBatchException {
        int bits = 0;
        for (int shift = 0; shift < 7 * Varints.MAX_INT_BYTES; shift += 7) {
            some(1);
            int b = buffer[at++];
            bits |= (b & 0x7F) << shift;
            if (b >= 0) {
                // As for a RecordCursor: the fifth byte has room for four bits.
                if (shift == 28 && b > 0x0F) {
                    break;
                }
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw malformed("the length of record " + index + " does not end");
    }

    /** Whether there is one more byte. */
    private boolean fill() throws UnreadableBatchException {
        if (at < end) {
            return true;
        }
        if (closed) {
            return false;
        }
        int read;
        try {
            read = plain.read(buffer, 0, BUFFER_BYTES);
        } catch (IOException e) {
            throw invalid(e);
        }
        if (read <= 0) {
            return false;
        }
        at = 0;
        end = read;
        taken += read;
        if (taken > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return true;
    }

    private static UnreadableBatchException invalid(IOException e) {
        return new UnreadableBatchException(
                Reason.NOT_DECOMPRESSED,
                "the records do not decompress: "
                        + (e.getMessage() == null ? "they end too early" : e.getMessage()));
    }
}
