package io.ackgate.record;

import static io.ackgate.record.UnreadableBatchException.malformed;

import java.nio.ByteBuffer;

/**
 * Walks over plain records and finds where everything lies, without copying or allocating. Every
 * length is held against what is left before it is used. Confined to one thread.
 */
final class RecordCursor {
    /** Attributes, two deltas, two lengths and a count, of one byte each. */
    private static final int MIN_BODY_BYTES = 6;

    private final ByteBuffer buffer;
    private final int end;
    private final int recordsCount;

    private int at;
    private int index = -1;

    long timestampDelta;
    int keyPosition;

    /** -1 for null. */
    int keyLength;

    int valuePosition;

    /** -1 for null. */
    int valueLength;

    int headersCount;

    /** Where the first header starts, behind the count. */
    int headersPosition;

    /**
     * @param buffer big endian
     * @param position absolute index of the first record
     * @param end absolute index after the last record, at most the limit
     * @param recordsCount how many records there must be, exactly
     */
    RecordCursor(ByteBuffer buffer, int position, int end, int recordsCount) {
        this.buffer = buffer;
        this.at = position;
        this.end = end;
        this.recordsCount = recordsCount;
    }

    /**
     * In front of one record among those of its batch.
     *
     * @param buffer this record and nothing else
     */
    RecordCursor(ByteBuffer buffer, int index) {
        this(buffer, 0, buffer.limit(), index + 1);
        this.index = index - 1;
    }

    /** Which record it is on, from 0; also its offset minus the base offset. */
    int index() {
        return index;
    }

    /** Goes on to the next record, checking all of it; gives false behind the last. */
    boolean next() throws UnreadableBatchException {
        if (index + 1 >= recordsCount) {
            index = recordsCount;
            if (at != end) {
                throw malformed((end - at) + " bytes are left behind the last record");
            }
            return false;
        }
        index++;
        int length = varint(end);
        if (length < MIN_BODY_BYTES || length > end - at) {
            throw malformed(
                    "record %d has length %d where %d bytes are left"
                            .formatted(index, length, end - at));
        }
        int recordEnd = at + length;
        if (buffer.get(at++) != 0) {
            throw malformed("record " + index + " has unknown attributes");
        }
        timestampDelta = varlong(recordEnd);
        int offsetDelta = varint(recordEnd);
        if (offsetDelta != index) {
            throw malformed("record " + index + " has offset delta " + offsetDelta);
        }
        keyLength = nullableLength(recordEnd);
        keyPosition = at;
        at += Math.max(keyLength, 0);
        valueLength = nullableLength(recordEnd);
        valuePosition = at;
        at += Math.max(valueLength, 0);
        skipHeaders(recordEnd);
        if (at != recordEnd) {
            throw malformed((recordEnd - at) + " bytes are left inside record " + index);
        }
        return true;
    }

    private void skipHeaders(int recordEnd) throws UnreadableBatchException {
        headersCount = varint(recordEnd);
        headersPosition = at;
        if (headersCount < 0) {
            throw malformed("record " + index + " has " + headersCount + " headers");
        }
        if (headersCount > RecordBatchReader.MAX_HEADERS) {
            throw malformed(
                    "record %d has %d headers, a record may have %d"
                            .formatted(index, headersCount, RecordBatchReader.MAX_HEADERS));
        }
        for (int i = 0; i < headersCount; i++) {
            int headerKeyLength = nullableLength(recordEnd);
            if (headerKeyLength < 0) {
                throw malformed("record " + index + " has a header without a key");
            }
            at += headerKeyLength;
            int headerValueLength = nullableLength(recordEnd);
            at += Math.max(headerValueLength, 0);
        }
    }

    private int nullableLength(int recordEnd) throws UnreadableBatchException {
        int length = varint(recordEnd);
        if (length < -1 || length > recordEnd - at) {
            throw malformed(
                    "record %d has a field of length %d where %d bytes are left"
                            .formatted(index, length, recordEnd - at));
        }
        return length;
    }

    private int varint(int limit) throws UnreadableBatchException {
        if (at < limit) {
            int b = buffer.get(at);
            if (b >= 0) {
                at++;
                return (b >>> 1) ^ -(b & 1);
            }
        }
        return longerVarint(limit);
    }

    private int longerVarint(int limit) throws UnreadableBatchException {
        int start = at;
        int end = Math.min(limit, start + Varints.MAX_INT_BYTES);
        int bits = 0;
        for (int i = start, shift = 0; i < end; i++, shift += 7) {
            int b = buffer.get(i);
            bits |= (b & 0x7F) << shift;
            if (b >= 0) {
                // The fifth byte has room for four bits; more would be lost without a word.
                if (shift == 28 && b > 0x0F) {
                    break;
                }
                at = i + 1;
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw malformed("record " + index + " has a number that does not end or is too great");
    }

    private long varlong(int limit) throws UnreadableBatchException {
        int start = at;
        int end = Math.min(limit, start + Varints.MAX_LONG_BYTES);
        long bits = 0;
        for (int i = start, shift = 0; i < end; i++, shift += 7) {
            int b = buffer.get(i);
            bits |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                // The tenth byte has room for one bit.
                if (shift == 63 && b > 0x01) {
                    break;
                }
                at = i + 1;
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw malformed("record " + index + " has a number that does not end or is too great");
    }
}
