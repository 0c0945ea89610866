package io.ackgate.storage.journal;

import java.util.Arrays;

/**
 * Frames of one log that the journal holds, each beginning where the one before ends: 24 bytes
 * each, since a start may have to keep millions of them.
 */
public final class FrameRefs {
    private static final int FEW = 4;

    private int size;
    private long[] positions = new long[FEW];
    private long[] baseOffsets = new long[FEW];
    private int[] lengths = new int[FEW];
    private int[] crcs = new int[FEW];

    /** Where the last one ends. */
    private long end;

    /** Adds a frame behind the others. */
    public void add(FrameRef frame) {
        if (size == positions.length) {
            int more = size + (size >> 1) + 1;
            positions = Arrays.copyOf(positions, more);
            baseOffsets = Arrays.copyOf(baseOffsets, more);
            lengths = Arrays.copyOf(lengths, more);
            crcs = Arrays.copyOf(crcs, more);
        }
        positions[size] = new JournalPosition(frame.generation(), frame.position()).packed();
        baseOffsets[size] = frame.baseOffset();
        lengths[size] = frame.length();
        crcs[size] = frame.frameCrc();
        end = frame.nextOffset();
        size++;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    public FrameRef get(int index) {
        JournalPosition position = JournalPosition.unpacked(positions[index]);
        return new FrameRef(
                position.generation(),
                position.offset(),
                lengths[index],
                crcs[index],
                baseOffsets[index],
                index + 1 < size ? baseOffsets[index + 1] : end);
    }

    /** The last one; there must be one. */
    public FrameRef getLast() {
        return get(size - 1);
    }

    /** Forgets the frames that begin at or behind an offset. */
    public void cut(long offset) {
        while (size > 0 && baseOffsets[size - 1] >= offset) {
            size--;
            end = baseOffsets[size];
        }
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
        positions = new long[FEW];
        baseOffsets = new long[FEW];
        lengths = new int[FEW];
        crcs = new int[FEW];
    }
}
