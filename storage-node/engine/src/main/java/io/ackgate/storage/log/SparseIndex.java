package io.ackgate.storage.log;

import java.util.Arrays;

/**
 * Where in a segment every so many bytes a batch begins, and the greatest timestamp before it.
 *
 * <p>A hint: whoever follows it checks that a batch begins there.
 */
final class SparseIndex {
    /** Bytes between two entries, at least. */
    private final int intervalBytes;

    private int size;
    private int[] relativeOffsets = new int[8];
    private int[] positions = new int[8];
    private long[] timestampsBefore = new long[8];

    SparseIndex(int intervalBytes) {
        this.intervalBytes = intervalBytes;
    }

    /** Notes that a batch begins at {@code position}, if it is far enough from the last entry. */
    void offer(int relativeOffset, int position, long maxTimestampBefore) {
        int last = size == 0 ? 0 : positions[size - 1];
        if (position - last >= intervalBytes) {
            add(relativeOffset, position, maxTimestampBefore);
        }
    }

    void add(int relativeOffset, int position, long maxTimestampBefore) {
        if (size == positions.length) {
            relativeOffsets = Arrays.copyOf(relativeOffsets, 2 * size);
            positions = Arrays.copyOf(positions, 2 * size);
            timestampsBefore = Arrays.copyOf(timestampsBefore, 2 * size);
        }
        relativeOffsets[size] = relativeOffset;
        positions[size] = position;
        timestampsBefore[size] = maxTimestampBefore;
        size++;
    }

    /** Position of a batch at or before the offset; 0, where the first one begins, if unknown. */
    int positionFor(int relativeOffset) {
        int at = Arrays.binarySearch(relativeOffsets, 0, size, relativeOffset);
        int entry = at >= 0 ? at : -at - 2;
        return entry < 0 ? 0 : positions[entry];
    }

    /** Position before which no record has a timestamp of {@code timestampMillis} or later. */
    int positionForTimestamp(long timestampMillis) {
        int at = 0;
        for (int i = 0; i < size && timestampsBefore[i] < timestampMillis; i++) {
            at = positions[i];
        }
        return at;
    }

    int size() {
        return size;
    }

    int relativeOffset(int entry) {
        return relativeOffsets[entry];
    }

    int position(int entry) {
        return positions[entry];
    }

    long timestampBefore(int entry) {
        return timestampsBefore[entry];
    }
}
