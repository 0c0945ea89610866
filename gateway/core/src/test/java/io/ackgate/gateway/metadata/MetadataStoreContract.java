package io.ackgate.gateway.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every metadata store does. Each implementation has a test that extends this. */
@Timeout(60)
public abstract class MetadataStoreContract {
    @SuppressWarnings("NullAway.Init")
    private MetadataStore store;

    /** A store with nothing in it. Closed by this class. */
    protected abstract MetadataStore open() throws Exception;

    /** Another one, that new keys may fill with so many bytes. Closed by whoever asks for it. */
    protected abstract MetadataStore openBounded(long maxBytes) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void a_key_that_was_never_stored_is_absent_and_empty() {
        Entry entry = await(store.get("topics/a"));
        assertEquals("topics/a", entry.key());
        assertEquals(MetadataStore.ABSENT, entry.version());
        assertEquals(0, entry.value().length);
    }

    @Test
    void a_key_is_created_only_where_there_is_none() {
        long version = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("one")));
        assertTrue(version > MetadataStore.ABSENT);
        Entry current = refused(store.compareAndSet("k", MetadataStore.ABSENT, bytes("two")));
        assertEquals(version, current.version());
        assertEquals("one", text(current));
        assertEquals("one", text(await(store.get("k"))));
    }

    @Test
    void a_key_changes_only_from_the_version_that_was_expected() {
        long first = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("one")));
        long second = applied(store.compareAndSet("k", first, bytes("two")));
        assertTrue(second > first);
        assertEquals("two", text(refused(store.compareAndSet("k", first, bytes("three")))));
        assertEquals("two", text(refused(store.compareAndSet("k", second + 1, bytes("three")))));
        Entry stored = await(store.get("k"));
        assertEquals("two", text(stored));
        assertEquals(second, stored.version());
    }

    @Test
    void setting_the_same_value_is_a_change_of_version() {
        long first = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("same")));
        assertTrue(applied(store.compareAndSet("k", first, bytes("same"))) > first);
        assertEquals("same", text(refused(store.compareAndSet("k", first, bytes("late")))));
    }

    @Test
    void a_key_is_deleted_only_at_the_version_that_was_expected() {
        long version = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("one")));
        assertEquals(version, refused(store.delete("k", version + 1)).version());
        assertEquals("one", text(await(store.get("k"))));
        applied(store.delete("k", version));
        assertEquals(MetadataStore.ABSENT, await(store.get("k")).version());
        assertEquals(MetadataStore.ABSENT, refused(store.delete("k", version)).version());
    }

    @Test
    void a_key_that_comes_back_has_a_higher_version_than_it_ever_had() {
        long first = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("one")));
        long second = applied(store.compareAndSet("k", first, bytes("two")));
        applied(store.delete("k", second));
        long third = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("three")));
        assertTrue(third > second, third + " must be above " + second);
    }

    @Test
    void keys_are_listed_by_prefix_in_their_order() {
        for (String key : List.of("b/2", "a/1", "b/10", "b", "c/1", "b/1")) {
            applied(store.compareAndSet(key, MetadataStore.ABSENT, bytes("of " + key)));
        }
        List<Entry> listed = await(store.list("b/"));
        assertEquals(List.of("b/1", "b/10", "b/2"), listed.stream().map(Entry::key).toList());
        assertEquals(
                List.of("of b/1", "of b/10", "of b/2"),
                listed.stream().map(MetadataStoreContract::text).toList());
        assertEquals(List.of(), await(store.list("nothing/")));
    }

    @Test
    void what_is_stored_is_the_callers_bytes_at_the_time_of_the_call() {
        byte[] mine = bytes("mine");
        CompletionStage<Outcome> stored = store.compareAndSet("k", MetadataStore.ABSENT, mine);
        mine[0] = 'X';
        applied(stored);
        assertEquals("mine", text(await(store.get("k"))));
    }

    @Test
    void a_store_that_works_has_not_failed_and_a_closed_one_has() throws Exception {
        assertNull(store.failure());
        applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("one")));
        assertNull(store.failure());
        MetadataStore closed = openBounded(1 << 20);
        closed.close();
        assertNotNull(closed.failure());
    }

    @Test
    void a_full_store_changes_nothing_and_takes_what_makes_room() throws Exception {
        try (MetadataStore small = openBounded(64 << 10)) {
            byte[] value = new byte[10 << 10];
            List<Long> versions = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                versions.add(applied(small.compareAndSet("k" + i, MetadataStore.ABSENT, value)));
            }
            assertFull(small.compareAndSet("k6", MetadataStore.ABSENT, value));
            assertEquals(MetadataStore.ABSENT, await(small.get("k6")).version());
            assertNull(small.failure());
            // A change of a key that is there, and what takes a topic away, find room still.
            versions.set(0, applied(small.compareAndSet("k0", versions.getFirst(), value)));
            applied(small.compareAndSet("k1", versions.get(1), new byte[11 << 10]));
            applied(small.compareAndSet("deletions/t", MetadataStore.ABSENT, new byte[1 << 10]));
            applied(small.compareAndSet("partitions/t/0", MetadataStore.ABSENT, new byte[1 << 10]));
            // But not without end.
            assertFull(small.compareAndSet("k2", versions.get(2), new byte[100 << 10]));
            applied(small.delete("k0", versions.getFirst()));
            applied(small.delete("k3", versions.get(3)));
            applied(small.compareAndSet("k6", MetadataStore.ABSENT, value));
        }
    }

    private static void assertFull(CompletionStage<Outcome> stage) {
        CompletionException failure = assertThrows(CompletionException.class, () -> await(stage));
        MetadataFullException full =
                assertInstanceOf(MetadataFullException.class, failure.getCause());
        assertTrue(String.valueOf(full.getMessage()).contains("65536"), full.getMessage());
    }

    @Test
    void values_may_hold_any_bytes_and_none() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        applied(store.compareAndSet("all", MetadataStore.ABSENT, all));
        long none = applied(store.compareAndSet("none", MetadataStore.ABSENT, new byte[0]));
        assertArrayEquals(all, await(store.get("all")).value());
        assertEquals(none, await(store.get("none")).version());
    }

    @Test
    void a_watch_sees_every_change_under_its_prefix_in_order() throws Exception {
        applied(store.compareAndSet("p/before", MetadataStore.ABSENT, bytes("0")));
        BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
        try (AutoCloseable _ = store.watch("p/", seen::add)) {
            long first = applied(store.compareAndSet("p/k", MetadataStore.ABSENT, bytes("1")));
            applied(store.compareAndSet("q/k", MetadataStore.ABSENT, bytes("other")));
            long second = applied(store.compareAndSet("p/k", first, bytes("2")));
            refused(store.compareAndSet("p/k", first, bytes("refused")));
            applied(store.delete("p/k", second));
            long third = applied(store.compareAndSet("p/k", MetadataStore.ABSENT, bytes("3")));

            assertSeen(seen, "p/k", first, "1");
            assertSeen(seen, "p/k", second, "2");
            assertSeen(seen, "p/k", MetadataStore.ABSENT, "");
            assertSeen(seen, "p/k", third, "3");
        }
        applied(store.compareAndSet("p/after", MetadataStore.ABSENT, bytes("4")));
        await(store.list(""));
        assertTrue(seen.isEmpty(), "seen after the watch was closed: " + seen);
    }

    @Test
    void a_watch_that_fails_disturbs_nobody() throws Exception {
        BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
        try (AutoCloseable _ =
                        store.watch(
                                "",
                                entry -> {
                                    throw new IllegalStateException("a bug of a listener");
                                });
                AutoCloseable _ = store.watch("", seen::add)) {
            long version = applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("1")));
            assertSeen(seen, "k", version, "1");
            applied(store.compareAndSet("k", version, bytes("2")));
        }
    }

    @Test
    void a_watch_that_is_opened_before_a_list_misses_nothing_that_the_list_lacks()
            throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<?> writing =
                    other.submit(
                            () -> {
                                for (int i = 0; i < 500; i++) {
                                    applied(
                                            store.compareAndSet(
                                                    "w/" + i,
                                                    MetadataStore.ABSENT,
                                                    bytes(Integer.toString(i))));
                                }
                            });
            Map<String, String> seen = new ConcurrentHashMap<>();
            try (AutoCloseable _ = store.watch("w/", e -> seen.put(e.key(), text(e)))) {
                await(store.list("w/")).forEach(e -> seen.putIfAbsent(e.key(), text(e)));
                writing.get();
                // Watches are told in order: after this one, nothing of the others is under way.
                BlockingQueue<Entry> last = new LinkedBlockingQueue<>();
                try (AutoCloseable _ = store.watch("end", last::add)) {
                    applied(store.compareAndSet("end", MetadataStore.ABSENT, bytes("")));
                    assertTrue(last.poll(10, TimeUnit.SECONDS) != null);
                }
                assertEquals(500, seen.size());
            }
        }
    }

    @Test
    void concurrent_increments_are_all_counted_once() throws Exception {
        int threads = 4;
        int each = 200;
        List<Long> watched = Collections.synchronizedList(new ArrayList<>());
        applied(store.compareAndSet("counter", MetadataStore.ABSENT, bytes("0")));
        try (AutoCloseable _ = store.watch("counter", e -> watched.add(e.version()));
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> work = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                work.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < each; i++) {
                                        increment();
                                    }
                                }));
            }
            for (Future<?> one : work) {
                one.get();
            }
            assertEquals(Integer.toString(threads * each), text(await(store.get("counter"))));
        }
        List<Long> sorted = watched.stream().sorted().distinct().toList();
        assertEquals(sorted, watched, "versions seen by the watch grow, each once");
    }

    private void increment() {
        Entry current = await(store.get("counter"));
        while (true) {
            int next = Integer.parseInt(text(current)) + 1;
            Outcome outcome =
                    await(
                            store.compareAndSet(
                                    "counter", current.version(), bytes(Integer.toString(next))));
            switch (outcome) {
                case Outcome.Applied applied -> {
                    return;
                }
                case Outcome.Refused refused -> current = refused.current();
            }
        }
    }

    private static void assertSeen(BlockingQueue<Entry> seen, String key, long version, String text)
            throws InterruptedException {
        Entry entry = seen.poll(10, TimeUnit.SECONDS);
        assertTrue(entry != null, "nothing seen of " + key + " at " + version);
        assertEquals(key, entry.key());
        assertEquals(version, entry.version());
        assertEquals(text, text(entry));
    }

    protected static long applied(CompletionStage<Outcome> stage) {
        return assertInstanceOf(Outcome.Applied.class, await(stage)).version();
    }

    protected static Entry refused(CompletionStage<Outcome> stage) {
        return assertInstanceOf(Outcome.Refused.class, await(stage)).current();
    }

    protected static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    protected static String text(Entry entry) {
        return new String(entry.value(), UTF_8);
    }
}
