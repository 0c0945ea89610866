package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboxTest {
    private static final class Numbered extends Work {
        final int putter;
        final int number;

        Numbered(int putter, int number) {
            this.putter = putter;
            this.number = number;
        }

        @Override
        void run(Shard shard) {}

        @Override
        void refuse() {}
    }

    @Test
    void workIsTakenInTheOrderInWhichItWasPut() {
        Inbox inbox = new Inbox();
        assertNull(inbox.takeAll());
        for (int i = 0; i < 5; i++) {
            assertTrue(inbox.put(new Numbered(0, i)));
        }
        assertEquals(List.of(0, 1, 2, 3, 4), numbers(inbox.takeAll()));
        assertNull(inbox.takeAll());
    }

    @Test
    void aClosedInboxGivesWhatItHadAndTakesNothing() {
        Inbox inbox = new Inbox();
        inbox.put(new Numbered(0, 1));
        assertEquals(List.of(1), numbers(inbox.close()));
        assertFalse(inbox.put(new Numbered(0, 2)));
        assertNull(inbox.close());
    }

    @Test
    void aTakerDoesNotFallAsleepWhenWorkCameJustBefore() {
        Inbox inbox = new Inbox();
        inbox.put(new Numbered(0, 1));
        inbox.await(Long.MAX_VALUE);
        assertEquals(List.of(1), numbers(inbox.takeAll()));
    }

    @Test
    void aTakerThatSleepsIsWoken() throws Exception {
        Inbox inbox = new Inbox();
        Thread taker = Thread.ofPlatform().start(() -> inbox.await(Long.MAX_VALUE));
        while (taker.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(100_000);
        }
        inbox.put(new Numbered(0, 1));
        taker.join();
        assertEquals(List.of(1), numbers(inbox.takeAll()));
    }

    /** Lost wake-ups would leave the taker asleep for ever: it sleeps without a limit here. */
    @Test
    void nothingIsLostOrReorderedBetweenThreadsAndTheTakerAlwaysWakes() throws Exception {
        int putters = 3;
        int each = 100_000;
        Inbox inbox = new Inbox();
        int[] last = new int[putters];
        AtomicLong taken = new AtomicLong();
        Thread taker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (taken.get() < (long) putters * each) {
                                        Work work = inbox.takeAll();
                                        if (work == null) {
                                            inbox.await(Long.MAX_VALUE);
                                        }
                                        while (work != null) {
                                            Numbered numbered = (Numbered) work;
                                            if (numbered.number != last[numbered.putter] + 1) {
                                                throw new AssertionError("out of order");
                                            }
                                            last[numbered.putter] = numbered.number;
                                            taken.incrementAndGet();
                                            work = work.next;
                                        }
                                    }
                                });
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < putters; p++) {
            int putter = p;
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 1; i <= each; i++) {
                                            inbox.put(new Numbered(putter, i));
                                            if (i % 1_000 == 0) {
                                                // Lets the taker run dry and fall asleep.
                                                LockSupport.parkNanos(10_000);
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        taker.join();
        assertEquals((long) putters * each, taken.get());
    }

    private static List<Integer> numbers(@Nullable Work first) {
        List<Integer> numbers = new ArrayList<>();
        for (Work work = first; work != null; work = work.next) {
            numbers.add(((Numbered) work).number);
        }
        return numbers;
    }
}
