package io.ackgate.storage.disk.simulated;

import java.util.Arrays;

/** The bytes of a file: as programs see them, or as the platter has them. */
final class Image {
    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    void write(int position, byte[] source, int from, int length) {
        int end = position + length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        System.arraycopy(source, from, bytes, position, length);
        size = Math.max(size, end);
    }

    /** Cuts, or grows with zeros. */
    void resize(int newSize) {
        if (newSize > bytes.length) {
            bytes = Arrays.copyOf(bytes, newSize);
        }
        if (newSize < size) {
            Arrays.fill(bytes, newSize, size, (byte) 0);
        }
        size = newSize;
    }

    void copyFrom(Image other) {
        bytes = Arrays.copyOf(other.bytes, other.bytes.length);
        size = other.size;
    }

    void flip(int position, int bit) {
        bytes[position] ^= (byte) (1 << bit);
    }
}
