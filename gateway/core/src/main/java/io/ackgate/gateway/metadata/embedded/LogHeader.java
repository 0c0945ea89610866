package io.ackgate.gateway.metadata.embedded;

import io.ackgate.record.Crc32c;
import java.nio.ByteBuffer;

/**
 * The first bytes of the log. Written once, before the file gets its name, so that it is never
 * torn.
 *
 * <pre>
 *  0  u64  magic "ACKGMETA"
 *  8  u32  version of the format, 1
 * 12  i64  id of the file, random
 * 20  i64  next version: above that of every change that compaction has left out
 * 28  u32  CRC-32C of bytes [0, 28)
 * </pre>
 */
record LogHeader(long fileId, long nextVersion) {
    static final int BYTES = 32;
    private static final long MAGIC = 0x41434B474D455441L;
    private static final int FORMAT = 1;
    private static final int CRC_AT = 28;

    ByteBuffer encode() {
        ByteBuffer header =
                ByteBuffer.allocate(BYTES)
                        .putLong(MAGIC)
                        .putInt(FORMAT)
                        .putLong(fileId)
                        .putLong(nextVersion);
        return header.putInt(CRC_AT, Crc32c.of(header.clear(), 0, CRC_AT));
    }

    static LogHeader decode(ByteBuffer log, String name) throws CorruptMetadataException {
        if (log.limit() < BYTES || log.getLong(0) != MAGIC) {
            throw new CorruptMetadataException(
                    name + " does not begin as a metadata log does; restore it from a backup");
        }
        if (log.getInt(CRC_AT) != Crc32c.of(log, 0, CRC_AT)) {
            throw new CorruptMetadataException(
                    "the header of " + name + " fails its checksum; restore it from a backup");
        }
        if (log.getInt(8) != FORMAT) {
            throw new CorruptMetadataException(
                    "%s has format %d and this program reads %d; start the program that wrote it"
                            .formatted(name, log.getInt(8), FORMAT));
        }
        return new LogHeader(log.getLong(12), log.getLong(20));
    }
}
