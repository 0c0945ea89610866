package io.ackgate.replication.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OutboxTest {
    /** Keeps what was sent. */
    private static class Recorder implements Outbox.Wire<Integer> {
        final List<List<Integer>> messages = new ArrayList<>();
        boolean ready = true;

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(List<Integer> items) {
            messages.add(items);
        }
    }

    private final Recorder wire = new Recorder();

    /** An item weighs what it is; 100 bytes to a message, 1,000 may wait. */
    private final Outbox<Integer> outbox = new Outbox<>(wire, item -> item, 100, 1_000);

    @Test
    void what_was_added_since_the_last_drain_is_one_message() {
        outbox.add(1);
        outbox.add(2);
        assertEquals(List.of(), wire.messages);
        outbox.drain();
        outbox.drain();
        assertEquals(List.of(List.of(1, 2)), wire.messages);
    }

    @Test
    void messages_are_bounded_but_one_item_always_fits() {
        for (int item : new int[] {60, 40, 1, 500, 2}) {
            outbox.add(item);
        }
        outbox.drain();
        assertEquals(List.of(List.of(60, 40), List.of(1), List.of(500), List.of(2)), wire.messages);
    }

    @Test
    void items_wait_while_the_wire_is_not_ready_and_go_out_together_when_it_is() {
        wire.ready = false;
        outbox.add(1);
        outbox.drain();
        outbox.add(2);
        outbox.drain();
        assertEquals(List.of(), wire.messages);
        assertEquals(3, outbox.queuedBytes());
        wire.ready = true;
        outbox.drain();
        assertEquals(List.of(List.of(1, 2)), wire.messages);
        assertEquals(0, outbox.queuedBytes());
    }

    @Test
    void there_is_no_room_while_as_much_waits_as_may_and_nothing_is_lost() {
        wire.ready = false;
        assertTrue(outbox.hasRoom());
        outbox.add(999);
        assertTrue(outbox.hasRoom());
        outbox.add(1);
        assertFalse(outbox.hasRoom());
        outbox.add(7);
        assertEquals(1_007, outbox.queuedBytes());
        wire.ready = true;
        outbox.drain();
        assertTrue(outbox.hasRoom());
        assertEquals(List.of(List.of(999), List.of(1, 7)), wire.messages);
    }

    @Test
    void nothing_is_sent_after_closing() {
        outbox.add(1);
        outbox.close();
        outbox.add(2);
        assertTrue(outbox.hasRoom());
        outbox.drain();
        assertEquals(List.of(), wire.messages);
        assertEquals(0, outbox.queuedBytes());
    }

    @Test
    void a_wire_that_fails_is_not_used_again_since_order_would_be_lost() {
        var failing =
                new Outbox<Integer>(
                        new Recorder() {
                            @Override
                            public void send(List<Integer> items) {
                                super.send(items);
                                throw new IllegalStateException("broken");
                            }
                        },
                        item -> item,
                        100,
                        1_000);
        failing.add(1);
        assertThrows(IllegalStateException.class, failing::drain);
        failing.add(2);
        failing.drain();
        assertEquals(0, failing.queuedBytes());
    }

    @Test
    @Timeout(60)
    void threads_that_add_and_drain_at_once_lose_nothing_and_keep_their_order() throws Exception {
        int threads = 4;
        int each = 20_000;
        AtomicBoolean sending = new AtomicBoolean();
        List<Integer> sent = new ArrayList<>();
        Outbox<Integer> shared =
                new Outbox<>(
                        new Outbox.Wire<>() {
                            @Override
                            public boolean isReady() {
                                return true;
                            }

                            @Override
                            public void send(List<Integer> items) {
                                assertTrue(sending.compareAndSet(false, true), "two at once");
                                sent.addAll(items);
                                sending.set(false);
                            }
                        },
                        item -> 1,
                        100,
                        Long.MAX_VALUE);
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            running.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            start.await();
                                        } catch (Exception e) {
                                            throw new AssertionError(e);
                                        }
                                        for (int i = 0; i < each; i++) {
                                            shared.add(first + i);
                                            if (i % 3 == 0 || i == each - 1) {
                                                shared.drain();
                                            }
                                        }
                                    }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertEquals(threads * each, sent.size());
        int[] next = new int[threads];
        for (int item : sent) {
            assertEquals(next[item / each]++, item % each);
        }
    }
}
