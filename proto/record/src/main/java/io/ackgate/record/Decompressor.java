package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Turns the compressed records of a batch into plain ones. {@link Compression#NONE} and {@link
 * Compression#GZIP} are built into {@link RecordBatchReader}; what needs a library beyond the JDK
 * is plugged in where records are read. Confined to one thread unless the implementation says
 * otherwise.
 */
public interface Decompressor {
    /** The compression that it undoes. */
    Compression compression();

    /**
     * Decompresses the records of one batch.
     *
     * @param compressed everything behind the batch's header, from position to limit; shared, and
     *     therefore not written to
     * @param maxBytes the most that may come out, 0 or more: what stops a small batch from filling
     *     the memory
     * @return plain records from position to limit, big endian
     * @throws UnreadableBatchException if the bytes do not decompress, or to more than {@code
     *     maxBytes}
     */
    ByteBuffer decompress(ByteBuffer compressed, int maxBytes) throws UnreadableBatchException;

    /**
     * Decompresses the records of one batch as they are read, so that whoever needs the first ones
     * decompresses no more.
     *
     * @param compressed as above
     * @return plain records, at most as many bytes at a time as are asked for; its reading throws
     *     what {@link IOException} there is if the bytes do not decompress, and its closing gives
     *     back what the decompressor has outside the heap
     * @throws IOException if they do not begin as they should
     */
    InputStream stream(ByteBuffer compressed) throws IOException;
}
