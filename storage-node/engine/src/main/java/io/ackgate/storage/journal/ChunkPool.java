package io.ackgate.storage.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Buffers in which groups gather; off the heap, so that writing them copies nothing. */
final class ChunkPool {
    /** Spare chunks kept at most: two groups' worth of a busy journal. */
    private static final int MAX_SPARE = 32;

    private final int chunkBytes;
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();

    ChunkPool(int chunkBytes) {
        this.chunkBytes = chunkBytes;
    }

    ByteBuffer take(int bytes) {
        if (bytes > chunkBytes) {
            return ByteBuffer.allocateDirect(bytes);
        }
        ByteBuffer chunk = spare.poll();
        return chunk == null ? ByteBuffer.allocateDirect(chunkBytes) : chunk.clear();
    }

    void giveBack(ByteBuffer chunk) {
        if (chunk.capacity() == chunkBytes && spare.size() < MAX_SPARE) {
            spare.push(chunk);
        }
    }
}
