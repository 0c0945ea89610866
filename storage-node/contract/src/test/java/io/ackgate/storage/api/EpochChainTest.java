package io.ackgate.storage.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochChainTest {
    private static EpochChain chain(long... epochsAndStarts) {
        EpochChain chain = EpochChain.EMPTY;
        for (int i = 0; i < epochsAndStarts.length; i += 2) {
            chain = chain.append((int) epochsAndStarts[i], epochsAndStarts[i + 1]);
        }
        return chain;
    }

    @Test
    void another_batch_of_the_last_epoch_changes_nothing() {
        EpochChain chain = chain(1, 0, 3, 10);
        assertSame(chain, chain.append(3, 15));
    }

    @Test
    void an_epoch_or_offset_that_does_not_ascend_is_a_bug() {
        EpochChain chain = chain(1, 0, 3, 10);
        assertThrows(IllegalArgumentException.class, () -> chain.append(2, 20));
        assertThrows(IllegalArgumentException.class, () -> chain.append(4, 9));
    }

    @Test
    void an_epoch_whose_records_are_all_gone_gives_way_to_the_next() {
        EpochChain emptied = chain(1, 0, 3, 10).startAt(20);
        assertEquals(3, emptied.lastEpoch(), "who wrote last is still known");
        assertEquals(chain(5, 20), emptied.append(5, 20));
        assertSame(emptied, emptied.append(3, 20));
    }

    @Test
    void the_epoch_of_an_offset_is_the_one_that_wrote_it() {
        EpochChain chain = chain(1, 5, 3, 10);
        assertEquals(-1, chain.epochAt(4));
        assertEquals(1, chain.epochAt(5));
        assertEquals(1, chain.epochAt(9));
        assertEquals(3, chain.epochAt(10));
        assertEquals(3, chain.epochAt(1_000_000));
    }

    @Test
    void a_double_failover_parts_where_the_epochs_part_and_not_at_the_shorter_end() {
        // KIP-279: B wrote 2@10..19 alone, C took over with 3 from 10 on.
        EpochChain leader = chain(1, 0, 3, 10);
        EpochChain follower = chain(1, 0, 2, 10);
        assertEquals(10, follower.agreesUpTo(0, 20, leader, 30));
        assertEquals(10, leader.agreesUpTo(0, 30, follower, 20));
        assertEquals(8, follower.truncate(8).agreesUpTo(0, 8, leader, 30));
    }

    /** The dumb way: a log is an array that holds the epoch of every offset. */
    private static final class Oracle {
        private final List<Integer> epochs = new ArrayList<>();
        private int start;

        EpochChain chain = EpochChain.EMPTY;

        long end() {
            return epochs.size();
        }

        void append(int epoch, int records) {
            chain = chain.append(epoch, end());
            for (int i = 0; i < records; i++) {
                epochs.add(epoch);
            }
        }

        void truncate(int newEnd) {
            chain = chain.truncate(newEnd);
            while (epochs.size() > newEnd) {
                epochs.removeLast();
            }
        }

        void startAt(int newStart) {
            chain = chain.startAt(newStart);
            start = newStart;
        }

        int epochAt(int offset) {
            return offset < start ? -1 : epochs.get(offset);
        }

        long agreesUpTo(Oracle other, int from) {
            int limit = (int) Math.min(end(), other.end());
            for (int offset = from; offset < limit; offset++) {
                if (!epochs.get(offset).equals(other.epochs.get(offset))) {
                    return offset;
                }
            }
            return Math.max(from, limit);
        }

        int lastEpoch() {
            return end() == start ? -1 : epochs.get(epochs.size() - 1);
        }
    }

    @Test
    void agrees_with_the_dumb_way() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            Oracle one = new Oracle();
            Oracle other = new Oracle();
            for (int step = 0; step < 12; step++) {
                change(one, random);
                change(other, random);
                String where = "seed " + seed + ": " + one.chain + " and " + other.chain;
                assertMatches(one, where);
                assertMatches(other, where);
                int from = Math.max(one.start, other.start);
                if (from <= Math.min(one.end(), other.end())) {
                    assertEquals(
                            one.agreesUpTo(other, from),
                            one.chain.agreesUpTo(from, one.end(), other.chain, other.end()),
                            where);
                }
            }
        }
    }

    private static void change(Oracle log, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                int least = Math.max(log.start, (int) log.end() - 6);
                log.truncate(least + random.nextInt((int) log.end() - least + 1));
            }
            case 1 -> log.startAt(log.start + random.nextInt((int) log.end() - log.start + 1));
            default ->
                    log.append(
                            Math.max(log.chain.lastEpoch(), 0) + random.nextInt(3),
                            1 + random.nextInt(3));
        }
    }

    private static void assertMatches(Oracle log, String where) {
        for (int offset = log.start; offset < log.end(); offset++) {
            assertEquals(log.epochAt(offset), log.chain.epochAt(offset), where + " at " + offset);
        }
        assertEquals(log.chain, EpochChain.of(log.chain.links()), where);
        if (log.end() > log.start) {
            assertEquals(log.lastEpoch(), log.chain.lastEpoch(), where);
        }
    }
}
