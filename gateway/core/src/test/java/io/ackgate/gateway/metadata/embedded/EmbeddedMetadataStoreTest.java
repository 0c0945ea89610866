package io.ackgate.gateway.metadata.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.MetadataStoreContract;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract, and what this store promises beyond it: what it has answered survives. */
class EmbeddedMetadataStoreTest extends MetadataStoreContract {
    private final StoreDisk disk = new StoreDisk();

    @Override
    protected MetadataStore open() throws IOException {
        return openOn(disk);
    }

    @Override
    protected MetadataStore openBounded(long maxBytes) throws IOException {
        return EmbeddedMetadataStore.open(new StoreDisk(), () -> {}, maxBytes);
    }

    private static MetadataStore openOn(StoreDisk disk) throws IOException {
        return EmbeddedMetadataStore.open(disk, () -> {});
    }

    /** What waits when it is closed is carried out; there is no room for anything more. */
    @Test
    void a_store_whose_queue_is_full_is_closed() throws Exception {
        StoreDisk mine = new StoreDisk();
        MetadataStore store = openOn(mine);
        Semaphore syncs = new Semaphore(0);
        mine.syncPermits = syncs;
        CompletionStage<Outcome> first = store.compareAndSet("a", MetadataStore.ABSENT, bytes("1"));
        List<CompletionStage<Entry>> waiting = new ArrayList<>();
        while (waiting.isEmpty() || !waiting.getLast().toCompletableFuture().isDone()) {
            waiting.add(store.get("a"));
        }
        Thread closer = Thread.ofPlatform().start(store::close);
        syncs.release(1_000);
        closer.join();
        applied(first);
        assertEquals("1", text(await(waiting.getFirst())));
    }

    @Test
    void everything_is_there_after_another_opening() throws IOException {
        StoreDisk mine = new StoreDisk();
        long deleted;
        try (MetadataStore store = openOn(mine)) {
            applied(store.compareAndSet("a", MetadataStore.ABSENT, bytes("1")));
            long b = applied(store.compareAndSet("b", MetadataStore.ABSENT, bytes("2")));
            applied(store.compareAndSet("b", b, bytes("3")));
            long c = applied(store.compareAndSet("c", MetadataStore.ABSENT, bytes("4")));
            deleted = applied(store.delete("c", c));
        }
        try (MetadataStore store = openOn(mine)) {
            List<Entry> all = await(store.list(""));
            assertEquals(List.of("a", "b"), all.stream().map(Entry::key).toList());
            assertEquals("3", text(all.get(1)));
            assertTrue(
                    applied(store.compareAndSet("c", MetadataStore.ABSENT, bytes("5"))) > deleted);
        }
    }

    @Test
    void a_group_of_changes_is_synced_once() throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            Semaphore permits = new Semaphore(0);
            mine.syncPermits = permits;
            int before = mine.syncs.get();
            List<CompletionStage<Outcome>> stages = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                stages.add(store.compareAndSet("k" + i, MetadataStore.ABSENT, bytes("v")));
            }
            assertTrue(stages.stream().noneMatch(s -> s.toCompletableFuture().isDone()));
            // One for the first that was taken up, one for all that came meanwhile.
            permits.release(2);
            stages.forEach(MetadataStoreContract::applied);
            mine.syncPermits = null;
            assertTrue(mine.syncs.get() - before <= 2, "syncs: " + (mine.syncs.get() - before));
        }
    }

    @Test
    void nothing_is_answered_before_it_is_synced() throws Exception {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            List<Entry> watched = new ArrayList<>();
            AutoCloseable watch = store.watch("", watched::add);
            Semaphore permits = new Semaphore(0);
            mine.syncPermits = permits;
            CompletionStage<Outcome> change =
                    store.compareAndSet("k", MetadataStore.ABSENT, bytes("v"));
            CompletionStage<Entry> read = store.get("k");
            awaitASync(permits);
            assertTrue(
                    !change.toCompletableFuture().isDone() && !read.toCompletableFuture().isDone());
            assertTrue(watched.isEmpty());
            mine.syncPermits = null;
            permits.release();
            applied(change);
            assertEquals("v", text(await(read)));
            watch.close();
        }
    }

    /** Where nothing is synced this fails, instead of waiting for ever. */
    private static void awaitASync(Semaphore permits) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!permits.hasQueuedThreads()) {
            assertTrue(System.nanoTime() - deadline < 0, "the change was not synced");
            Thread.onSpinWait();
        }
    }

    @Test
    void the_bound_is_the_same_after_another_opening() throws IOException {
        StoreDisk mine = new StoreDisk();
        byte[] value = new byte[40 << 10];
        try (MetadataStore store = EmbeddedMetadataStore.open(mine, () -> {}, 64 << 10)) {
            applied(store.compareAndSet("a", MetadataStore.ABSENT, value));
            assertUnknown(store.compareAndSet("b", MetadataStore.ABSENT, value));
        }
        try (MetadataStore store = EmbeddedMetadataStore.open(mine, () -> {}, 64 << 10)) {
            assertUnknown(store.compareAndSet("b", MetadataStore.ABSENT, value));
            long a = await(store.get("a")).version();
            applied(store.delete("a", a));
            applied(store.compareAndSet("b", MetadataStore.ABSENT, value));
        }
        // With a smaller bound it opens all the same.
        try (MetadataStore store = EmbeddedMetadataStore.open(mine, () -> {}, 1 << 10)) {
            assertEquals(value.length, await(store.get("b")).value().length);
        }
    }

    @Test
    void bytes_that_wait_are_bounded() throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            Semaphore permits = new Semaphore(0);
            mine.syncPermits = permits;
            byte[] value = new byte[1 << 20];
            CompletionStage<Outcome> first =
                    store.compareAndSet("first", MetadataStore.ABSENT, value);
            awaitASync(permits);
            List<CompletionStage<Outcome>> behind = new ArrayList<>();
            for (int i = 0; i < QueueRoom.MAX_BYTES >> 20; i++) {
                behind.add(store.compareAndSet("k", i + 1_000_000, value));
            }
            assertUnknown(store.compareAndSet("k", MetadataStore.ABSENT, value));
            // What stores nothing finds its place still.
            CompletionStage<Entry> read = store.get("first");
            mine.syncPermits = null;
            permits.release();
            applied(first);
            behind.forEach(MetadataStoreContract::refused);
            assertEquals(value.length, await(read).value().length);
            applied(store.compareAndSet("k", MetadataStore.ABSENT, value));
        }
    }

    @Test
    void after_a_failed_sync_nothing_is_answered_until_the_store_is_opened_again()
            throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            applied(store.compareAndSet("a", MetadataStore.ABSENT, bytes("1")));
            mine.syncsFail(true);
            assertUnknown(store.compareAndSet("b", MetadataStore.ABSENT, bytes("2")));
            mine.syncsFail(false);
            assertTrue(String.valueOf(store.failure()).contains("fsync failed"), store.failure());
            assertUnknown(store.get("a"));
            assertUnknown(store.compareAndSet("c", MetadataStore.ABSENT, bytes("3")));
        }
        try (MetadataStore store = openOn(mine)) {
            assertEquals("1", text(await(store.get("a"))));
            assertEquals(MetadataStore.ABSENT, await(store.get("c")).version());
            applied(store.compareAndSet("c", MetadataStore.ABSENT, bytes("4")));
        }
    }

    @Test
    void a_full_disk_fails_what_is_under_way_and_nothing_else() throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            long a = applied(store.compareAndSet("a", MetadataStore.ABSENT, bytes("1")));
            mine.space(20);
            assertUnknown(store.compareAndSet("a", a, bytes("2")));
            assertUnknown(store.compareAndSet("b", MetadataStore.ABSENT, bytes("2")));
            assertEquals("1", text(await(store.get("a"))));
            assertEquals(MetadataStore.ABSENT, await(store.get("b")).version());
            mine.space(Long.MAX_VALUE);
            assertTrue(applied(store.compareAndSet("a", a, bytes("3"))) > a + 1);
        }
        try (MetadataStore store = openOn(mine)) {
            assertEquals("3", text(await(store.get("a"))));
        }
    }

    @Test
    void a_closed_store_finishes_what_was_asked_before_and_refuses_what_comes_after()
            throws IOException {
        MetadataStore store = openOn(new StoreDisk());
        List<CompletionStage<Outcome>> stages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            stages.add(store.compareAndSet("k" + i, MetadataStore.ABSENT, bytes("v")));
        }
        store.close();
        stages.forEach(MetadataStoreContract::applied);
        assertUnknown(store.get("k1"));
        store.close();
    }

    @Test
    void keys_and_values_are_bounded() throws IOException {
        try (MetadataStore store = openOn(new StoreDisk())) {
            byte[] tooMuch = new byte[MetadataRoom.MAX_VALUE_BYTES + 1];
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.compareAndSet("k", MetadataStore.ABSENT, tooMuch));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.compareAndSet("", MetadataStore.ABSENT, bytes("v")));
            byte[] most = Arrays.copyOf(tooMuch, MetadataRoom.MAX_VALUE_BYTES);
            applied(store.compareAndSet("k", MetadataStore.ABSENT, most));
            String longest = "ü".repeat(MetadataRoom.MAX_KEY_BYTES / 2);
            applied(store.compareAndSet(longest, MetadataStore.ABSENT, bytes("v")));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.compareAndSet(longest + "x", MetadataStore.ABSENT, bytes("v")));
        }
    }

    @Test
    void compaction_leaves_out_what_is_superseded_and_nothing_else() throws IOException {
        StoreDisk mine = new StoreDisk();
        long deleted;
        long version = 0;
        try (MetadataStore store = openOn(mine)) {
            applied(store.compareAndSet("stays", MetadataStore.ABSENT, bytes("as it was")));
            long gone = applied(store.compareAndSet("gone", MetadataStore.ABSENT, bytes("x")));
            deleted = applied(store.delete("gone", gone));
            byte[] value = new byte[100 << 10];
            for (int i = 0; i < 100; i++) {
                value[0] = (byte) i;
                version = applied(store.compareAndSet("k", version, value));
            }
        }
        int size = mine.bytes(MetadataLog.FILE).length;
        assertTrue(
                size < MetadataLog.LEAST_COMPACTED_BYTES + (200 << 10),
                "10 MB were written, the log has " + size);
        try (MetadataStore store = openOn(mine)) {
            assertEquals("as it was", text(await(store.get("stays"))));
            assertEquals(99, await(store.get("k")).value()[0]);
            assertEquals(version, await(store.get("k")).version());
            long back = applied(store.compareAndSet("gone", MetadataStore.ABSENT, bytes("y")));
            assertTrue(back > deleted && back > version);
        }
    }

    @Test
    void a_version_is_not_used_again_when_compaction_has_forgotten_it() throws IOException {
        StoreDisk mine = new StoreDisk();
        long deleted;
        try (MetadataStore store = openOn(mine)) {
            // So much that it is the deletion that makes the log worth compacting.
            byte[] large = new byte[(int) MetadataLog.LEAST_COMPACTED_BYTES - 100];
            long version = applied(store.compareAndSet("k", MetadataStore.ABSENT, large));
            deleted = applied(store.delete("k", version));
        }
        assertTrue(mine.bytes(MetadataLog.FILE).length < 1_000);
        try (MetadataStore store = openOn(mine)) {
            assertTrue(
                    applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("v"))) > deleted);
        }
    }

    @Test
    void a_compaction_that_finds_no_space_is_left_for_later() throws IOException {
        StoreDisk mine = new StoreDisk();
        long version;
        try (MetadataStore store = openOn(mine)) {
            byte[] large = new byte[400 << 10];
            version = applied(store.compareAndSet("k", MetadataStore.ABSENT, large));
            version = applied(store.compareAndSet("k", version, large));
            mine.space((400 << 10) + 200);
            // Enough for the change, not for a second file.
            version = applied(store.compareAndSet("k", version, large));
            mine.space(10);
            assertUnknown(store.compareAndSet("k", version, large));
            mine.space(Long.MAX_VALUE);
            version = applied(store.compareAndSet("k", version, bytes("end")));
        }
        try (MetadataStore store = openOn(mine)) {
            assertEquals(version, await(store.get("k")).version());
            assertEquals("end", text(await(store.get("k"))));
        }
    }

    @Test
    void a_compaction_that_may_or_may_not_have_replaced_the_log_ends_the_store()
            throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            mine.fail(Operation.RENAME);
            byte[] large = new byte[1 << 20];
            long version = applied(store.compareAndSet("k", MetadataStore.ABSENT, large));
            assertUnknown(store.compareAndSet("k", version, bytes("v")));
        }
        mine.heal();
        try (MetadataStore store = openOn(mine)) {
            assertEquals(1 << 20, await(store.get("k")).value().length);
        }
    }

    private static void assertUnknown(CompletionStage<?> stage) {
        assertThrows(CompletionException.class, () -> await(stage));
    }

    @Test
    void a_bug_ends_the_store_and_is_told_to_all_who_ask_later() throws IOException {
        StoreDisk mine = new StoreDisk();
        try (MetadataStore store = openOn(mine)) {
            mine.syncPermits =
                    new Semaphore(0) {
                        @Override
                        public void acquireUninterruptibly() {
                            throw new IllegalStateException("a bug");
                        }
                    };
            assertUnknown(store.compareAndSet("a", MetadataStore.ABSENT, bytes("1")));
            mine.syncPermits = null;
            assertUnknown(store.get("a"));
            assertEquals(
                    "the metadata store is broken: java.lang.IllegalStateException: a bug",
                    store.failure());
        }
    }
}
