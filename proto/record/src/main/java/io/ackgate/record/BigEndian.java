package io.ackgate.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keeps buffers of the wrong byte order out: every number of a batch would be read reversed. */
final class BigEndian {
    private BigEndian() {}

    static void require(ByteBuffer buffer) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer must be big endian");
        }
    }
}
