package io.ackgate.gateway.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialLoopTest {
    private static final int MAX_PER_TURN = 4;

    /** Says what it did; {@code -1} ends the loop and {@code -2} is a bug. */
    private static final class Numbered extends SerialLoop.Work<Numbered> {
        final int putter;
        final int number;
        final CountDownLatch gone = new CountDownLatch(1);
        boolean refused;

        Numbered(int putter, int number) {
            this.putter = putter;
            this.number = number;
        }
    }

    private final List<Integer> run = new ArrayList<>();
    private final List<Integer> perTurn = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayBegin = new CountDownLatch(1);
    private final AtomicInteger ended = new AtomicInteger();
    private int inTurn;
    private volatile boolean sleepIsBuggy;
    private final SerialLoop<Numbered> loop = new SerialLoop<>("loop", new Turns(), MAX_PER_TURN);

    private class Turns implements SerialLoop.Turns<Numbered> {
        @Override
        public void begin() {
            inTurn = 0;
            begun.countDown();
            await(mayBegin);
        }

        @Override
        public void run(Numbered work) {
            inTurn++;
            run.add(work.number);
            work.gone.countDown();
            if (work.number == -1) {
                loop.stop();
            } else if (work.number == -2) {
                throw new IllegalStateException("a bug");
            }
        }

        @Override
        public void end() {
            perTurn.add(inTurn);
        }

        @Override
        public long idleNanos() {
            if (sleepIsBuggy) {
                throw new IllegalStateException("a bug");
            }
            return Long.MAX_VALUE;
        }

        @Override
        public void refuse(Numbered work) {
            work.refused = true;
            work.gone.countDown();
        }

        @Override
        public void ended() {
            ended.incrementAndGet();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private Numbered put(int number) {
        Numbered work = new Numbered(0, number);
        assertTrue(loop.put(work));
        return work;
    }

    private void end() throws InterruptedException {
        put(-1);
        mayBegin.countDown();
        loop.join();
    }

    @AfterEach
    void theLoopEndsOnce() throws Exception {
        mayBegin.countDown();
        loop.put(new Numbered(0, -1));
        loop.join();
        assertEquals(1, ended.get());
    }

    @Test
    void work_is_run_in_the_order_in_which_it_was_put() throws Exception {
        for (int i = 0; i < 3; i++) {
            put(i);
        }
        loop.start();
        end();
        assertEquals(List.of(0, 1, 2, -1), run);
    }

    @Test
    void a_turn_ends_although_more_waits() throws Exception {
        for (int i = 0; i < 9; i++) {
            put(i);
        }
        loop.start();
        end();
        assertEquals(List.of(4, 4), perTurn.subList(0, 2));
        assertEquals(10, perTurn.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void what_waits_behind_the_end_is_refused_and_nothing_is_taken_afterwards() throws Exception {
        put(1);
        loop.start();
        await(begun);
        put(-1);
        Numbered behind = put(2);
        mayBegin.countDown();
        loop.join();
        assertEquals(List.of(1, -1), run);
        assertTrue(behind.refused);
        assertFalse(loop.put(new Numbered(0, 3)));
    }

    @Test
    void what_waits_behind_the_end_in_the_same_turn_is_refused() throws Exception {
        put(-1);
        Numbered behind = put(2);
        mayBegin.countDown();
        loop.start();
        loop.join();
        assertTrue(behind.refused);
    }

    @Test
    void a_bug_ends_neither_the_thread_nor_the_turn() throws Exception {
        put(-2);
        put(1);
        loop.start();
        end();
        assertEquals(List.of(-2, 1, -1), run);
    }

    @Test
    void so_it_is_where_the_bug_cannot_be_written_down() throws Exception {
        Logger log = Logger.getLogger(SerialLoop.class.getName());
        Handler broken = new BrokenHandler();
        log.addHandler(broken);
        try {
            put(-2);
            put(1);
            loop.start();
            end();
            assertEquals(List.of(-2, 1, -1), run);
        } finally {
            log.removeHandler(broken);
        }
    }

    private static final class BrokenHandler extends Handler {
        @Override
        public void publish(LogRecord message) {
            throw new IllegalStateException("no log can be written");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void a_bug_in_how_long_the_thread_may_sleep_ends_it_no_more_than_another() throws Exception {
        mayBegin.countDown();
        sleepIsBuggy = true;
        loop.start();
        await(put(1).gone);
        asleep();
        await(put(2).gone);
    }

    @Test
    void a_thread_that_sleeps_is_woken() throws Exception {
        mayBegin.countDown();
        loop.start();
        await(put(1).gone);
        asleep();
        await(put(2).gone);
    }

    @Test
    void an_interrupt_does_not_keep_the_thread_awake() throws Exception {
        mayBegin.countDown();
        loop.start();
        await(put(1).gone);
        Thread thread = asleep();
        thread.interrupt();
        while (thread.isInterrupted()) {
            LockSupport.parkNanos(100_000);
        }
        asleep();
        await(put(2).gone);
    }

    private static Thread asleep() {
        Thread thread =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(each -> each.getName().equals("loop"))
                        .findFirst()
                        .orElseThrow();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(100_000);
        }
        return thread;
    }

    /** Lost wake-ups would leave the thread asleep for ever: it sleeps without a limit here. */
    @Test
    void nothing_is_lost_or_reordered_between_threads_and_the_thread_always_wakes()
            throws Exception {
        int putters = 3;
        int each = 100_000;
        int[] last = new int[putters];
        AtomicInteger taken = new AtomicInteger();
        SerialLoop<Numbered> busy =
                new SerialLoop<>(
                        "busy",
                        new Turns() {
                            @Override
                            public void run(Numbered work) {
                                if (work.number == last[work.putter] + 1) {
                                    last[work.putter] = work.number;
                                    taken.incrementAndGet();
                                }
                            }

                            @Override
                            public void ended() {}
                        },
                        64);
        mayBegin.countDown();
        busy.start();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < putters; p++) {
            int putter = p;
            threads.add(Thread.ofPlatform().start(() -> putAll(busy, putter, each)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        while (taken.get() < putters * each) {
            LockSupport.parkNanos(100_000);
        }
        loop.start();
    }

    private static void putAll(SerialLoop<Numbered> busy, int putter, int count) {
        for (int i = 1; i <= count; i++) {
            busy.put(new Numbered(putter, i));
            if (i % 1_000 == 0) {
                // Lets the thread run dry and fall asleep.
                LockSupport.parkNanos(10_000);
            }
        }
    }
}
