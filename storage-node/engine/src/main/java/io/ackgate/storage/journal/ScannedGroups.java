package io.ackgate.storage.journal;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Where the readable groups of a journal stand, in ascending order: 24 bytes each, since a journal
 * of small groups has hundreds of thousands.
 */
final class ScannedGroups {
    private static final int FEW = 64;

    private int size;
    private long[] begins = new long[FEW];
    private long[] ends = new long[FEW];

    /** The end of the group that each was written behind. */
    private long[] follows = new long[FEW];

    /** Which of them could be read to the last byte of their batches. */
    private final BitSet whole = new BitSet();

    /** Which of them make up the journal; see {@link #follow}. */
    private BitSet followed = new BitSet();

    /**
     * A group that is part of the journal.
     *
     * @param end where a next group would begin
     */
    record Place(JournalPosition begin, JournalPosition end) {}

    void add(ScannedGroup group) {
        if (size == begins.length) {
            int more = size + (size >> 1);
            begins = Arrays.copyOf(begins, more);
            ends = Arrays.copyOf(ends, more);
            follows = Arrays.copyOf(follows, more);
        }
        begins[size] = group.begin().packed();
        ends[size] = group.end().packed();
        follows[size] = group.follows().packed();
        whole.set(size, group.whole());
        size++;
    }

    /**
     * Goes from group to group, each following the one before.
     *
     * <p>Where two follow the same one, the first belongs to a sync that failed, and the second to
     * the file in which the journal went on. The group at the start need not follow it: a
     * checkpoint may begin where the journal went on after a sync had failed, and there the first
     * group follows what had been synced before that.
     *
     * <p>A group that was synced counts if it can be read; any other one was torn unless it is
     * whole.
     *
     * @param vouched what was synced, by what any group says
     * @return where the journal ends
     */
    JournalPosition follow(JournalPosition start, JournalPosition vouched) {
        long synced = vouched.packed();
        Followers followers = new Followers(synced);
        followed = new BitSet(size);
        int next = followers.of(start.packed(), -1);
        if (next < 0) {
            next = standingAt(start.packed(), synced);
        }
        JournalPosition end = start;
        while (next >= 0) {
            followed.set(next);
            end = JournalPosition.unpacked(ends[next]);
            next = followers.of(ends[next], next);
        }
        return end;
    }

    private boolean counts(int index, long synced) {
        return whole.get(index) || begins[index] < synced;
    }

    private int standingAt(long start, long synced) {
        int found = Arrays.binarySearch(begins, 0, size, start);
        return found >= 0 && counts(found, synced) ? found : -1;
    }

    /** The first group that makes up the journal from an index on, or -1. */
    int nextFollowed(int from) {
        return followed.nextSetBit(from);
    }

    Place place(int index) {
        return new Place(
                JournalPosition.unpacked(begins[index]), JournalPosition.unpacked(ends[index]));
    }

    /** Which group follows which: a hash table of indexes with open addressing. */
    private final class Followers {
        /** Index of a group and one, 0 where there is none; the length is a power of two. */
        private final int[] table = new int[Integer.highestOneBit(Math.max(1, size)) * 4];

        Followers(long synced) {
            for (int i = 0; i < size; i++) {
                if (counts(i, synced)) {
                    table[slot(follows[i])] = i + 1;
                }
            }
        }

        /** The slot of the group that follows, or where it would be. */
        private int slot(long end) {
            int at = Long.hashCode(end * 0x9E3779B97F4A7C15L) & (table.length - 1);
            while (table[at] != 0 && follows[table[at] - 1] != end) {
                at = (at + 1) & (table.length - 1);
            }
            return at;
        }

        /** The last group behind {@code after} that follows what ends there, or -1. */
        int of(long end, int after) {
            int found = table[slot(end)] - 1;
            return found > after ? found : -1;
        }
    }
}
