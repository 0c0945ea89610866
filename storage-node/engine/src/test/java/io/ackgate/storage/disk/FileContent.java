package io.ackgate.storage.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Bytes of a file: those that programs see, and those that a loss of power leaves. */
final class FileContent {
    /** What a disk writes in one piece. */
    private static final int SECTOR_BYTES = 512;

    private Bytes visible = new Bytes();
    private Bytes durable = new Bytes();
    private final List<Change> unsynced = new ArrayList<>();

    /** It has no name any more. */
    private boolean unlinked;

    /** A write, or a truncation if {@code data} is null. */
    private record Change(int position, byte @Nullable [] data) {}

    private static final class Bytes {
        private byte[] array = new byte[0];
        private int size;

        Bytes copy() {
            Bytes copy = new Bytes();
            copy.array = Arrays.copyOf(array, size);
            copy.size = size;
            return copy;
        }

        void apply(Change change) {
            byte[] data = change.data();
            if (data == null) {
                if (change.position() < size) {
                    Arrays.fill(array, change.position(), size, (byte) 0);
                    size = change.position();
                }
            } else {
                write(change.position(), data, 0, data.length);
            }
        }

        void write(int position, byte[] data, int from, int to) {
            int end = position + to;
            if (end > array.length) {
                array = Arrays.copyOf(array, Math.max(end, 2 * array.length));
            }
            System.arraycopy(data, from, array, position + from, to - from);
            size = Math.max(size, end);
        }
    }

    void unlinked() {
        unlinked = true;
    }

    boolean isUnlinked() {
        return unlinked;
    }

    int size() {
        return visible.size;
    }

    byte[] content() {
        return Arrays.copyOf(visible.array, visible.size);
    }

    int read(byte[] target, int position) {
        int length = Math.max(0, Math.min(target.length, visible.size - position));
        if (length > 0) {
            System.arraycopy(visible.array, position, target, 0, length);
        }
        return length;
    }

    void write(int position, byte[] data) {
        change(new Change(position, data));
    }

    void truncate(int size) {
        change(new Change(size, null));
    }

    private void change(Change change) {
        visible.apply(change);
        unsynced.add(change);
    }

    void sync() {
        unsynced.forEach(durable::apply);
        unsynced.clear();
    }

    /**
     * What was written counts as clean and is not. Where the file ends is the file system's own
     * business, which it has not forgotten.
     */
    void failSync() {
        unsynced.removeIf(change -> change.data() != null);
    }

    void powerLoss(@Nullable Random chance) {
        for (Change change : unsynced) {
            if (chance != null) {
                survive(change, chance);
            }
        }
        unsynced.clear();
        visible = durable.copy();
    }

    /** Applies a change whole, not at all, or, sector by sector, in part. */
    private void survive(Change change, Random chance) {
        byte[] data = change.data();
        int fate = chance.nextInt(4);
        if (fate == 0) {
            return;
        }
        if (fate < 3 || data == null) {
            durable.apply(change);
            return;
        }
        int at = 0;
        while (at < data.length) {
            int position = change.position() + at;
            int end = Math.min(data.length, at + SECTOR_BYTES - position % SECTOR_BYTES);
            if (chance.nextBoolean()) {
                durable.write(change.position(), data, at, end);
            }
            at = end;
        }
    }

    void flip(long bit) {
        visible.array[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
        if (bit / 8 < durable.size) {
            durable.array[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
        }
    }
}
