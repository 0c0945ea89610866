package io.ackgate.storage.journal;

/**
 * A place in the journal.
 *
 * @param generation of the file, 1 or more; later files have greater ones
 * @param offset in the file, bytes
 */
public record JournalPosition(long generation, int offset) implements Comparable<JournalPosition> {
    private static final int OFFSET_BITS = 32;

    /** The position as one number, in the same order. */
    long packed() {
        return generation << OFFSET_BITS | offset;
    }

    static JournalPosition unpacked(long packed) {
        return new JournalPosition(packed >>> OFFSET_BITS, (int) packed);
    }

    @Override
    public int compareTo(JournalPosition other) {
        int byGeneration = Long.compare(generation, other.generation);
        return byGeneration != 0 ? byGeneration : Integer.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return generation + ":" + offset;
    }
}
