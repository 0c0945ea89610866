package io.ackgate.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Turns the compressed records of a batch into plain ones, as they are read: a reader that needs
 * the first ones decompresses no more. May be shared by threads; a stream that it opens may not.
 */
public interface Decompressor {
    /** The compression that it undoes. */
    Compression compression();

    /**
     * Begins to decompress the records of one batch.
     *
     * @param compressed everything behind the batch's header, from position to limit; shared, and
     *     therefore not written to
     * @return plain records, at most as many bytes at a time as are asked for; its reading throws
     *     what {@link IOException} there is if the bytes do not decompress, and its closing gives
     *     back what the decompressor has outside the heap. What it holds is bounded whatever the
     *     bytes say of themselves: by {@link BlockStream#MAX_BLOCK_BYTES}
     * @throws IOException if they do not begin as they should
     */
    InputStream stream(ByteBuffer compressed) throws IOException;
}
