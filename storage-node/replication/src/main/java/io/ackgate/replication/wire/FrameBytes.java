package io.ackgate.replication.wire;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Frames in and out of protobuf's bytes without copying them. Both sides only read them: that is
 * what the contract of {@link io.ackgate.storage.api.StorageRequest.Append} asks for.
 */
final class FrameBytes {
    private FrameBytes() {}

    /** The bytes from the buffer's position to its limit, shared. */
    static ByteString share(ByteBuffer buffer) {
        return UnsafeByteOperations.unsafeWrap(buffer);
    }

    /**
     * The bytes as a buffer from 0 to its limit, shared if they lie in one piece. Writable although
     * nobody writes: the array behind it is what makes checksums and copies run at full speed.
     */
    static ByteBuffer expose(ByteString bytes) {
        Exposure exposure = new Exposure(bytes.size());
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, exposure);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exposure.result();
    }

    /** Takes the first piece as it is, and copies only if another one follows. */
    private static final class Exposure extends ByteOutput {
        private final int size;
        private ByteBuffer pieces = ByteBuffer.allocate(0);

        Exposure(int size) {
            this.size = size;
        }

        ByteBuffer result() {
            return pieces.position() == 0 ? pieces : pieces.flip();
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            if (length == size) {
                pieces = ByteBuffer.wrap(value, offset, length).slice();
            } else {
                write(value, offset, length);
            }
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            if (value.remaining() == size) {
                pieces = value.slice();
            } else {
                write(value);
            }
        }

        @Override
        public void write(byte value) {
            room().put(value);
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            room().put(value, offset, length);
        }

        @Override
        public void write(ByteBuffer value) {
            room().put(value);
        }

        private ByteBuffer room() {
            if (pieces.capacity() == 0) {
                pieces = ByteBuffer.allocate(size);
            }
            return pieces;
        }
    }
}
