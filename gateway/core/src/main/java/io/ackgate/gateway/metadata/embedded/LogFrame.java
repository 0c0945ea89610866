package io.ackgate.gateway.metadata.embedded;

import io.ackgate.record.Crc32c;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame around the changes of one group: written and synced as a whole, so that it counts as a
 * whole.
 *
 * <pre>
 *  0  u32  magic "AGMF"
 *  4  u32  bytes of the body
 *  8  i64  id of the file
 * 16  i64  number of the frame in its file, from 0
 * 24  u32  CRC-32C of bytes [0, 24)
 * 28  u32  CRC-32C of the body
 * 32  ...  the body: changes, one after the other; none where the store was closed in good order
 * </pre>
 *
 * <p>The head has a checksum of its own so that the length can be believed before the body is
 * there, and the file's random id so that no stored value can look like a frame.
 */
final class LogFrame {
    static final int HEAD_BYTES = 32;
    static final int MAGIC = 0x41474D46;

    private static final int BODY_BYTES_AT = 4;
    private static final int FILE_ID_AT = 8;
    private static final int NUMBER_AT = 16;
    private static final int HEAD_CRC_AT = 24;
    private static final int BODY_CRC_AT = 28;

    private LogFrame() {}

    /** A whole frame, from position to limit. */
    static ByteBuffer encode(long fileId, long number, List<byte[]> changes) {
        int bodyBytes = changes.stream().mapToInt(change -> change.length).sum();
        ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + bodyBytes);
        frame.position(HEAD_BYTES);
        changes.forEach(frame::put);
        frame.flip();
        frame.putInt(0, MAGIC)
                .putInt(BODY_BYTES_AT, bodyBytes)
                .putLong(FILE_ID_AT, fileId)
                .putLong(NUMBER_AT, number)
                .putInt(HEAD_CRC_AT, Crc32c.of(frame, 0, HEAD_CRC_AT))
                .putInt(BODY_CRC_AT, Crc32c.of(frame, HEAD_BYTES, bodyBytes));
        return frame;
    }

    /**
     * What the head of a frame says.
     *
     * @param number of the frame in its file
     * @param bodyBytes of the body behind it, 0 or more
     * @param bodyCrc CRC-32C of the body
     */
    record Head(long number, int bodyBytes, int bodyCrc) {
        /** Whether a body is the one that this head was written with. */
        boolean matches(ByteBuffer body) {
            return bodyCrc == Crc32c.of(body, body.position(), body.remaining());
        }
    }

    /** The head at a position of what was read from the log; null if no whole one stands there. */
    static @Nullable Head headAt(ByteBuffer log, int at, long fileId) {
        boolean whole =
                log.limit() - at >= HEAD_BYTES
                        && log.getInt(at) == MAGIC
                        && log.getLong(at + FILE_ID_AT) == fileId
                        && log.getInt(at + BODY_BYTES_AT) >= 0
                        && log.getInt(at + HEAD_CRC_AT) == Crc32c.of(log, at, HEAD_CRC_AT);
        return whole
                ? new Head(
                        log.getLong(at + NUMBER_AT),
                        log.getInt(at + BODY_BYTES_AT),
                        log.getInt(at + BODY_CRC_AT))
                : null;
    }
}
