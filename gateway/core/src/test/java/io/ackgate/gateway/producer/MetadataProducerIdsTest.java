package io.ackgate.gateway.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.ForwardingStore;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetadataProducerIdsTest {
    private final StoreDisk disk = new StoreDisk();

    private MetadataStore open() throws IOException {
        return EmbeddedMetadataStore.open(disk, () -> {});
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void ids_are_given_one_after_the_other_at_epoch_zero() throws IOException {
        try (MetadataStore store = open()) {
            ProducerIds ids = new MetadataProducerIds(store);
            for (int i = 0; i < 2_500; i++) {
                assertEquals(new ProducerSession(i, (short) 0), await(ids.init()));
            }
        }
    }

    @Test
    void a_block_costs_one_change_of_the_store() throws IOException {
        try (MetadataStore store = open()) {
            ProducerIds ids = new MetadataProducerIds(store);
            int before = disk.syncs.get();
            for (int i = 0; i < MetadataProducerIds.BLOCK; i++) {
                await(ids.init());
            }
            assertEquals(1, disk.syncs.get() - before);
        }
    }

    @Test
    void gateways_that_take_at_the_same_time_never_give_the_same() throws Exception {
        try (MetadataStore store = open()) {
            ConcurrentLinkedQueue<Long> given = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int gateway = 0; gateway < 3; gateway++) {
                ProducerIds ids = new MetadataProducerIds(store);
                for (int caller = 0; caller < 2; caller++) {
                    threads.add(
                            Thread.ofPlatform()
                                    .start(
                                            () -> {
                                                for (int i = 0; i < 3_000; i++) {
                                                    given.add(await(ids.init()).producerId());
                                                }
                                            }));
                }
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(18_000, given.size());
            assertEquals(18_000, new HashSet<>(given).size());
        }
    }

    @Test
    void ids_are_not_given_again_after_a_restart() throws IOException {
        Set<Long> given = new HashSet<>();
        for (int start = 0; start < 5; start++) {
            try (MetadataStore store = open()) {
                ProducerIds ids = new MetadataProducerIds(store);
                for (int i = 0; i < 10; i++) {
                    assertTrue(given.add(await(ids.init()).producerId()));
                }
            }
        }
    }

    @Test
    void callers_that_come_while_a_block_is_asked_for_share_it() throws IOException {
        try (MetadataStore store = open()) {
            Semaphore permits = new Semaphore(0);
            disk.syncPermits = permits;
            ProducerIds ids = new MetadataProducerIds(store);
            List<CompletionStage<ProducerSession>> callers = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) {
                callers.add(ids.init());
            }
            assertTrue(callers.stream().noneMatch(c -> c.toCompletableFuture().isDone()));
            int before = disk.syncs.get();
            permits.release(2);
            Set<Long> given = new HashSet<>();
            callers.forEach(caller -> given.add(await(caller).producerId()));
            assertEquals(1_500, given.size());
            assertEquals(2, disk.syncs.get() - before);
            disk.syncPermits = null;
        }
    }

    @Test
    void a_store_that_does_not_answer_fails_the_callers_and_no_id_is_given_twice_afterwards()
            throws IOException {
        ProducerIds ids;
        try (MetadataStore store = open()) {
            ids = new MetadataProducerIds(store);
            disk.syncsFail(true);
            assertThrows(CompletionException.class, () -> await(ids.init()));
            assertThrows(CompletionException.class, () -> await(ids.init()));
            disk.syncsFail(false);
        }
        try (MetadataStore store = open()) {
            // The block of unknown outcome was stored; it is skipped.
            assertEquals(
                    MetadataProducerIds.BLOCK,
                    await(new MetadataProducerIds(store).init()).producerId());
        }
    }

    @Test
    void callers_that_wait_are_bounded() throws IOException {
        try (MetadataStore store = open()) {
            Semaphore permits = new Semaphore(0);
            disk.syncPermits = permits;
            ProducerIds ids = new MetadataProducerIds(store);
            List<CompletionStage<ProducerSession>> callers = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                callers.add(ids.init());
            }
            assertTrue(callers.stream().noneMatch(c -> c.toCompletableFuture().isDone()));
            boolean refused = ids.init().toCompletableFuture().isCompletedExceptionally();
            disk.syncPermits = null;
            permits.release();
            callers.forEach(MetadataProducerIdsTest::await);
            assertTrue(refused, "at once");
        }
    }

    /** A store in which somebody else is always faster. */
    @Test
    void who_is_never_the_fastest_gives_up_after_a_while() throws IOException {
        try (MetadataStore store = open()) {
            AtomicInteger asked = new AtomicInteger();
            MetadataStore contended =
                    new ForwardingStore(store) {
                        @Override
                        public CompletionStage<Outcome> compareAndSet(
                                String key, long version, byte[] value) {
                            asked.incrementAndGet();
                            return store.get(key).thenApply(Outcome.Refused::new);
                        }
                    };
            ProducerIds ids = new MetadataProducerIds(contended);
            CompletionException gaveUp =
                    assertThrows(CompletionException.class, () -> await(ids.init()));
            assertTrue(
                    String.valueOf(gaveUp.getCause())
                            .endsWith("other gateways were faster 100 times; try again"),
                    gaveUp::toString);
            assertEquals(100, asked.get());
        }
    }
}
