package io.ackgate.storage.disk.simulated;

import java.util.ArrayList;
import java.util.List;

/**
 * A file without its names: what is in the page cache, what is on the platter, and what lies
 * between.
 */
final class Inode {
    private static final int SECTOR = 512;

    /** A change that is in the page cache only. {@code bytes} is null for a change of size. */
    private record Change(int position, byte @org.jspecify.annotations.Nullable [] bytes) {}

    private final Image cached = new Image();
    private final Image durable = new Image();
    private final List<Change> unsynced = new ArrayList<>();

    /** It has no name any more. */
    private boolean unlinked;

    void unlink() {
        unlinked = true;
    }

    boolean isUnlinked() {
        return unlinked;
    }

    Image cached() {
        return cached;
    }

    boolean isClean() {
        return unsynced.isEmpty();
    }

    int durableSize() {
        return durable.size();
    }

    byte durableByte(int position) {
        return durable.bytes()[position];
    }

    void write(int position, byte[] source) {
        cached.write(position, source, 0, source.length);
        unsynced.add(new Change(position, source));
    }

    void resize(int size) {
        cached.resize(size);
        unsynced.add(new Change(size, null));
    }

    void sync() {
        for (Change change : unsynced) {
            apply(change);
        }
        unsynced.clear();
    }

    /**
     * What a failed fsync leaves on Linux: some pages were written, and all are marked clean, so
     * that the next fsync succeeds without ever having written the others. Where the file ends is
     * not forgotten: the file system's own journal has it, or will have.
     */
    void failSync(Chance dice) {
        if (dice.chance(0.5)) {
            unsynced.removeIf(change -> change.bytes() != null);
            return;
        }
        for (Change change : unsynced) {
            surviveInPart(change, dice, change.bytes() == null ? 1 : 0.5);
        }
        unsynced.clear();
    }

    /** What a loss of power leaves: each unsynced change whole, in part or not at all. */
    void losePower(Chance dice, double survival) {
        for (Change change : unsynced) {
            surviveInPart(change, dice, survival);
        }
        unsynced.clear();
        cached.copyFrom(durable);
    }

    private void surviveInPart(Change change, Chance dice, double survival) {
        if (dice.chance(survival)) {
            apply(change);
        } else if (change.bytes() != null && dice.chance(survival)) {
            tear(change.position(), change.bytes(), dice);
        }
    }

    /** A torn write: it ends somewhere, or one of its sectors is missing. */
    private void tear(int position, byte[] bytes, Chance dice) {
        if (bytes.length > SECTOR && dice.chance(0.3)) {
            int hole = dice.between(0, (bytes.length - 1) / SECTOR) * SECTOR;
            int after = Math.min(bytes.length, hole + SECTOR);
            durable.write(position, bytes, 0, hole);
            if (after < bytes.length) {
                durable.write(position + after, bytes, after, bytes.length - after);
            }
            return;
        }
        durable.write(position, bytes, 0, dice.between(0, bytes.length));
    }

    private void apply(Change change) {
        byte[] bytes = change.bytes();
        if (bytes == null) {
            durable.resize(change.position());
        } else {
            durable.write(change.position(), bytes, 0, bytes.length);
        }
    }

    /** Decay: a bit turns over, in the cache and, where it rests there, on the platter alike. */
    void flip(int position, int bit) {
        if (position < durable.size()) {
            durable.flip(position, bit);
        }
        cached.flip(position, bit);
    }

    /** A copy of which only the platter's state is left: what a probe of durability looks at. */
    Inode platterOnly() {
        Inode copy = new Inode();
        copy.durable.copyFrom(durable);
        copy.cached.copyFrom(durable);
        return copy;
    }
}
