package io.ackgate.gateway.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchedPrefixTest {
    /** A store whose list is answered, and whose watch is told, when the test says so. */
    private static final class SlowStore implements MetadataStore {
        final CompletableFuture<List<Entry>> list = new CompletableFuture<>();
        @Nullable Consumer<Entry> watch;
        boolean watchIsOver;

        void tell(String key, long version, String value) {
            if (watch == null) {
                throw new AssertionError("the list is read before the watch begins");
            }
            watch.accept(entry(key, version, value));
        }

        @Override
        public CompletionStage<List<Entry>> list(String prefix) {
            if (watch == null) {
                throw new AssertionError("a change between list and watch would be missed");
            }
            return list;
        }

        @Override
        public AutoCloseable watch(String prefix, Consumer<Entry> listener) {
            watch = listener;
            return () -> watchIsOver = true;
        }

        @Override
        public CompletionStage<Entry> get(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Outcome> compareAndSet(String key, long version, byte[] value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Outcome> delete(String key, long version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable String failure() {
            return null;
        }

        @Override
        public void close() {}
    }

    private final SlowStore store = new SlowStore();
    private final List<String> seen = new ArrayList<>();

    private static Entry entry(String key, long version, String value) {
        return new Entry(key, version, value.getBytes(UTF_8));
    }

    private CompletableFuture<WatchedPrefix> open() {
        return WatchedPrefix.open(
                        store,
                        "p/",
                        entry ->
                                seen.add(
                                        entry.key()
                                                + "@"
                                                + entry.version()
                                                + new String(entry.value(), UTF_8)))
                .toCompletableFuture();
    }

    @Test
    void what_changes_before_the_list_is_there_comes_after_it() {
        CompletableFuture<WatchedPrefix> opened = open();
        store.tell("p/b", 5, "new");
        assertEquals(List.of(), seen);
        store.list.complete(List.of(entry("p/a", 1, "old"), entry("p/b", 2, "old")));
        assertEquals(List.of("p/a@1old", "p/b@2old", "p/b@5new"), seen);
        assertEquals(true, opened.isDone());
        store.tell("p/a", 6, "newer");
        assertEquals("p/a@6newer", seen.getLast());
    }

    @Test
    void what_the_list_has_already_is_not_told_again() {
        var unused = open();
        store.tell("p/a", 3, "early");
        store.tell("p/a", 4, "later");
        store.list.complete(List.of(entry("p/a", 4, "later")));
        assertEquals(List.of("p/a@4later"), seen);
        assertEquals(true, unused.isDone());
    }

    @Test
    void a_key_that_goes_and_comes_back_is_told_of_anew() {
        var unused = open();
        store.tell("p/a", 3, "first");
        store.tell("p/a", MetadataStore.ABSENT, "");
        store.list.complete(List.of());
        store.tell("p/a", 9, "again");
        assertEquals(List.of("p/a@3first", "p/a@0", "p/a@9again"), seen);
        assertEquals(true, unused.isDone());
    }

    @Test
    void nothing_is_told_after_it_was_closed() {
        CompletableFuture<WatchedPrefix> opened = open();
        store.list.complete(List.of());
        assertEquals(false, store.watchIsOver);
        opened.join().close();
        assertEquals(true, store.watchIsOver);
        store.tell("p/a", 1, "late");
        assertEquals(List.of(), seen);
    }

    @Test
    void one_value_that_cannot_be_taken_in_hides_no_other() {
        WatchedPrefix.open(
                store,
                "p/",
                entry -> {
                    if (entry.key().equals("p/bad")) {
                        throw new IllegalArgumentException("bad");
                    }
                    seen.add(entry.key());
                });
        store.list.complete(List.of(entry("p/bad", 1, ""), entry("p/good", 2, "")));
        assertEquals(List.of("p/good"), seen);
    }
}
