package io.ackgate.storage.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.ProducerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The rule in a small number of sequences, where everything can be tried, against an oracle that
 * counts records without ever wrapping and keeps every batch.
 */
class SequenceRuleTest {
    private static final int RECORDS = 77;

    /** Every batch of an epoch, counted from 0 without an end. */
    private record Written(List<Long> firsts, List<Integer> counts) {
        Written() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        long end() {
            return firsts.isEmpty() ? 0 : firsts.getLast() + counts.getLast();
        }

        void add(int count) {
            firsts.add(end());
            counts.add(count);
        }

        void removeLast() {
            firsts.removeLast();
            counts.removeLast();
        }
    }

    private long checked;

    private static String oracle(int size, Written written, int first, int count) {
        int oldest = Math.max(0, written.firsts().size() - ProducerEntry.WINDOW);
        for (int i = oldest; i < written.firsts().size(); i++) {
            if (written.firsts().get(i) % size == first && written.counts().get(i) == count) {
                return "duplicate " + i;
            }
        }
        if (written.end() % size == first) {
            return "next";
        }
        // Every way to read the range as one that was written, and not too far behind.
        for (long at = 0; at + count <= written.firsts().get(oldest); at++) {
            if (at % size == first && written.end() - at <= size / 2) {
                return "old";
            }
        }
        return "out of order";
    }

    private static String told(ProducerVerdict verdict) {
        return switch (verdict) {
            case ProducerVerdict.Next next -> "next";
            case ProducerVerdict.Duplicate(var original) -> "duplicate " + original.baseOffset();
            case ProducerVerdict.OtherRecords(var original) -> "other " + original.baseOffset();
            case ProducerVerdict.OldDuplicate old -> "old";
            case ProducerVerdict.OutOfOrder order -> "out of order";
            case ProducerVerdict.StaleEpoch epoch -> "stale";
            case ProducerVerdict.UnknownProducer unknown -> "unknown";
            case ProducerVerdict.Forgotten forgotten -> "forgotten";
            case ProducerVerdict.TooManyProducers full -> "full";
        };
    }

    /** The batch's number stands in for its offset. */
    private static ProducerEntry append(
            SequenceRule rule, int size, @Nullable ProducerEntry entry, Written written) {
        int last = written.firsts().size() - 1;
        int first = (int) (written.firsts().get(last) % size);
        int count = written.counts().get(last);
        ProducerEntry.Batch batch =
                new ProducerEntry.Batch(first, rule.last(first, count), last, count, RECORDS);
        return rule.appended(entry, 1, (short) 0, batch, 0);
    }

    private void compare(SequenceRule rule, int size, ProducerEntry entry, Written written) {
        for (int first = 0; first < size; first++) {
            for (int count = 1; count < size; count++) {
                String wanted = oracle(size, written, first, count);
                assertEquals(
                        wanted,
                        told(rule.judge(entry, first, count, RECORDS)),
                        "first %d, count %d of %d after %s".formatted(first, count, size, written));
                assertEquals(
                        wanted.replace("duplicate", "other"),
                        told(rule.judge(entry, first, count, RECORDS + 1)));
                checked++;
            }
        }
    }

    private void everyWay(
            SequenceRule rule,
            int size,
            @Nullable ProducerEntry entry,
            Written written,
            int batches) {
        for (int count = 1; count <= 2; count++) {
            written.add(count);
            ProducerEntry after = append(rule, size, entry, written);
            compare(rule, size, after, written);
            if (written.firsts().size() < batches) {
                everyWay(rule, size, after, written, batches);
            }
            written.removeLast();
        }
    }

    @Test
    void every_range_after_every_beginning() {
        // Five batches of two records leave a place between them and what is ahead.
        everyWay(new SequenceRule(12), 12, null, new Written(), 10);
        everyWay(new SequenceRule(16), 16, null, new Written(), 9);
        assertTrue(checked > 400_000, "checked " + checked);
    }

    @Test
    void every_range_on_long_ways_around_all_sequences() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int size = 2 * (10 + random.nextInt(12));
            SequenceRule rule = new SequenceRule(size);
            Written written = new Written();
            ProducerEntry entry = null;
            int most = 1 + random.nextInt((size - 1) / ProducerEntry.WINDOW);
            for (int batch = 0; batch < 60; batch++) {
                written.add(1 + random.nextInt(most));
                entry = append(rule, size, entry, written);
                if (batch % 6 == 5) {
                    compare(rule, size, entry, written);
                }
            }
        }
    }

    @Test
    void the_real_number_of_sequences_at_its_edges() {
        SequenceRule rule = SequenceRule.KAFKA;
        int max = Integer.MAX_VALUE;
        int half = 1 << 30;
        ProducerEntry fresh = rule.appended(null, 1, (short) 0, batch(rule, 0, 10), 0);
        for (int ahead : new int[] {1, half - 1, half, half + 1, max - 10}) {
            assertEquals(
                    new ProducerVerdict.OutOfOrder(10),
                    rule.judge(fresh, 10 + ahead, 1, RECORDS),
                    ahead + " ahead of a producer that has never wrapped");
        }
        ProducerEntry entry = fresh;
        int first = 10;
        // In strides to just before the wrap, and over it: 2^31 - 5 with ten records, then 5.
        for (int count : new int[] {half, half - 15, 10, 10, 10, 10}) {
            entry = rule.appended(entry, 1, (short) 0, batch(rule, first, count), 0);
            first = (int) ((first + (long) count) & max);
        }
        assertEquals(35, first);
        assertEquals(max - 4, entry.batches().get(1).firstSequence());
        assertEquals(4, entry.batches().get(1).lastSequence());
        assertEquals(new ProducerVerdict.Next(), rule.judge(entry, 35, 5, RECORDS));
        for (ProducerEntry.Batch known : entry.batches()) {
            assertEquals(
                    new ProducerVerdict.Duplicate(known),
                    rule.judge(entry, known.firstSequence(), known.recordCount(), RECORDS));
        }
        assertEquals(new ProducerVerdict.OutOfOrder(35), rule.judge(entry, 30, 10, RECORDS));
        for (int i = 0; i < 5; i++) {
            entry = rule.appended(entry, 1, (short) 0, batch(rule, 35 + i, 1), 0);
        }
        assertTrue(entry.wrappedBefore());
        assertEquals(old(entry), rule.judge(entry, max, 1, RECORDS));
        assertEquals(old(entry), rule.judge(entry, max - 3, 10, RECORDS), "over the wrap");
        assertEquals(old(entry), rule.judge(entry, 40 + half, 1, RECORDS), "2^30 behind");
        assertEquals(
                new ProducerVerdict.OutOfOrder(40),
                rule.judge(entry, 40 + half - 1, 1, RECORDS),
                "further behind is ahead");
        assertEquals(old(entry), rule.judge(entry, 34, 1, RECORDS));
        assertEquals(new ProducerVerdict.OutOfOrder(40), rule.judge(entry, 34, 2, RECORDS));
    }

    private static ProducerVerdict old(ProducerEntry entry) {
        return new ProducerVerdict.OldDuplicate(entry.oldest());
    }

    private static ProducerEntry.Batch batch(SequenceRule rule, int first, int count) {
        return new ProducerEntry.Batch(first, rule.last(first, count), first, count, RECORDS);
    }

    @Test
    void what_does_not_go_on_begins_anew_as_the_log_has_it() {
        SequenceRule rule = SequenceRule.KAFKA;
        ProducerEntry entry = rule.appended(null, 1, (short) 0, batch(rule, 0, 10), 5);
        ProducerEntry again = rule.appended(entry, 1, (short) 0, batch(rule, 0, 3), 6);
        assertEquals(List.of(batch(rule, 0, 3)), again.batches());
        ProducerEntry newer = rule.appended(again, 1, (short) 1, batch(rule, 0, 2), 7);
        assertEquals(1, newer.batches().size());
        assertEquals(1, newer.producerEpoch());
        assertEquals(7, newer.lastAppendMillis());
    }
}
