package io.ackgate.gateway.metadata.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.etcd.EtcdSettings.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that goes away and comes back, and what gateways know of each other's changes. */
@Timeout(120)
class EtcdFaultsTest {
    private static final long MAX_BYTES = 1 << 20;

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init")
    private EtcdProcess etcd;

    @BeforeEach
    void startEtcd() throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterEach
    void stopEtcd() throws Exception {
        if (etcd != null) {
            etcd.close();
        }
    }

    private MetadataStore open(String endpoint, @Nullable Login login, long maxBytes)
            throws IOException {
        return EtcdMetadataStore.open(
                new EtcdSettings(
                        List.of(endpoint), "/ackgate/", login, null, Duration.ofSeconds(3)),
                maxBytes);
    }

    private MetadataStore open(String endpoint) throws IOException {
        return open(endpoint, null, MAX_BYTES);
    }

    @Test
    void a_gateway_sees_what_another_one_changes() throws Exception {
        try (MetadataStore one = open(etcd.endpoint());
                MetadataStore other = open(etcd.endpoint())) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            one.watch("k", seen::add);
            long version = set(other, "k", MetadataStore.ABSENT, "theirs");
            assertSeen(seen, "k", version, "theirs");
            set(one, "k", version, "mine");
            assertEquals("mine", text(await(other.get("k"))));
        }
    }

    @Test
    void what_another_gateway_has_written_fills_the_store() throws Exception {
        try (MetadataStore one = open(etcd.endpoint(), null, 4_000);
                MetadataStore other = open(etcd.endpoint())) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            one.watch("", seen::add);
            long version = set(other, "k", MetadataStore.ABSENT, "x".repeat(3_000));
            assertNotNull(seen.poll(10, TimeUnit.SECONDS));
            CompletionException refused =
                    assertThrows(
                            CompletionException.class,
                            () -> set(one, "mine", MetadataStore.ABSENT, "x".repeat(1_000)));
            assertInstanceOf(MetadataFullException.class, refused.getCause());
            assertInstanceOf(Outcome.Applied.class, await(other.delete("k", version)));
            assertSeen(seen, "k", MetadataStore.ABSENT, "");
            set(one, "mine", MetadataStore.ABSENT, "x".repeat(1_000));
        }
    }

    @Test
    void while_etcd_is_away_every_call_ends_as_unknown_and_afterwards_all_goes_on()
            throws Exception {
        try (MetadataStore store = open(etcd.endpoint())) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            store.watch("", seen::add);
            long first = set(store, "k", MetadataStore.ABSENT, "before");
            assertSeen(seen, "k", first, "before");
            etcd.kill();
            CompletionException unknown =
                    assertThrows(
                            CompletionException.class, () -> set(store, "k", first, "meanwhile"));
            assertTrue(!(unknown.getCause() instanceof MetadataFullException));
            assertThrows(CompletionException.class, () -> await(store.get("k")));
            assertNull(store.failure());
            etcd.start();
            long second = setWhenItAnswers(store, "k", first, "after");
            assertSeen(seen, "k", second, "after");
        }
    }

    @Test
    void a_watch_that_was_cut_off_tells_what_happened_meanwhile_in_order() throws Exception {
        try (Relay relay = new Relay(etcd.port());
                MetadataStore cut = open(relay.endpoint());
                MetadataStore other = open(etcd.endpoint())) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            cut.watch("", seen::add);
            long first = set(other, "k", MetadataStore.ABSENT, "1");
            assertSeen(seen, "k", first, "1");
            relay.cut();
            long second = set(other, "k", first, "2");
            long third = set(other, "k", second, "3");
            await(other.delete("k", third));
            relay.mend();
            assertSeen(seen, "k", second, "2");
            assertSeen(seen, "k", third, "3");
            assertSeen(seen, "k", MetadataStore.ABSENT, "");
        }
    }

    @Test
    void what_etcd_has_compacted_meanwhile_is_told_as_it_is_now() throws Exception {
        try (Relay relay = new Relay(etcd.port());
                EtcdAdmin admin = new EtcdAdmin(etcd.endpoint());
                MetadataStore cut = open(relay.endpoint());
                MetadataStore other = open(etcd.endpoint())) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            cut.watch("", seen::add);
            long kept = set(other, "kept", MetadataStore.ABSENT, "1");
            long gone = set(other, "gone", MetadataStore.ABSENT, "1");
            assertSeen(seen, "kept", kept, "1");
            assertSeen(seen, "gone", gone, "1");
            relay.cut();
            await(other.delete("gone", gone));
            kept = set(other, "kept", kept, "2");
            kept = set(other, "kept", kept, "3");
            admin.compact(kept);
            relay.mend();
            assertSeen(seen, "gone", MetadataStore.ABSENT, "");
            assertSeen(seen, "kept", kept, "3");
            long after = set(other, "kept", kept, "4");
            assertSeen(seen, "kept", after, "4");
        }
    }

    @Test
    void keys_are_listed_whole_over_several_answers() throws Exception {
        EtcdSettings settings =
                new EtcdSettings(
                        List.of(etcd.endpoint()), "/ackgate/", null, null, Duration.ofSeconds(3));
        try (MetadataStore store = open(etcd.endpoint());
                EtcdChannels channels = new EtcdChannels(settings, Runnable::run)) {
            EtcdReads reads =
                    new EtcdReads(new EtcdCalls(channels, settings), Keys.below("/ackgate/"), 2);
            for (int i = 0; i < 5; i++) {
                set(store, "p/" + i, MetadataStore.ABSENT, "v");
            }
            set(store, "q", MetadataStore.ABSENT, "v");
            EtcdReads.Listing listed = await(reads.list("p/"));
            assertEquals(
                    List.of("p/0", "p/1", "p/2", "p/3", "p/4"),
                    listed.entries().stream().map(Entry::key).toList());
        }
    }

    @Test
    void keys_outside_the_prefix_are_nobodys() throws Exception {
        EtcdSettings longer =
                new EtcdSettings(
                        List.of(etcd.endpoint()), "/ackgate/2/", null, null, Duration.ofSeconds(3));
        EtcdSettings next =
                new EtcdSettings(
                        List.of(etcd.endpoint()), "/ackgate0/", null, null, Duration.ofSeconds(3));
        try (MetadataStore one = EtcdMetadataStore.open(next, MAX_BYTES);
                MetadataStore inner = EtcdMetadataStore.open(longer, MAX_BYTES)) {
            set(one, "k", MetadataStore.ABSENT, "v");
            assertEquals(List.of(), await(inner.list("")));
        }
    }

    @Test
    void a_user_is_let_in_and_again_when_etcd_knows_its_token_no_more() throws Exception {
        try (EtcdAdmin admin = new EtcdAdmin(etcd.endpoint())) {
            admin.requireLogin("secret");
        }
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> open(etcd.endpoint(), new Login("root", "another"), MAX_BYTES));
        assertTrue(String.valueOf(refused.getMessage()).contains("authentication failed"));
        try (MetadataStore store = open(etcd.endpoint(), new Login("root", "secret"), MAX_BYTES)) {
            BlockingQueue<Entry> seen = new LinkedBlockingQueue<>();
            store.watch("", seen::add);
            long first = set(store, "k", MetadataStore.ABSENT, "1");
            assertSeen(seen, "k", first, "1");
            etcd.kill();
            etcd.start();
            long second = setWhenItAnswers(store, "k", first, "2");
            assertSeen(seen, "k", second, "2");
        }
    }

    @Test
    void nobody_at_the_endpoint_is_told_with_its_name() {
        IOException nobody = assertThrows(IOException.class, () -> open("127.0.0.1:1"));
        assertTrue(String.valueOf(nobody.getMessage()).contains("127.0.0.1:1"));
    }

    @Test
    void another_member_is_asked_when_one_does_not_answer() throws Exception {
        EtcdSettings settings =
                new EtcdSettings(
                        List.of("127.0.0.1:1", etcd.endpoint()),
                        "/ackgate/",
                        null,
                        null,
                        Duration.ofSeconds(3));
        try (MetadataStore store = EtcdMetadataStore.open(settings, MAX_BYTES)) {
            set(store, "k", MetadataStore.ABSENT, "v");
        }
    }

    private static long setWhenItAnswers(
            MetadataStore store, String key, long expected, String value) {
        while (true) {
            try {
                return set(store, key, expected, value);
            } catch (CompletionException notYet) {
                // A call that was unknown may have been applied, which would fail the test.
            }
        }
    }

    private static long set(MetadataStore store, String key, long expected, String value) {
        Outcome outcome = await(store.compareAndSet(key, expected, value.getBytes(UTF_8)));
        return assertInstanceOf(Outcome.Applied.class, outcome).version();
    }

    private static void assertSeen(BlockingQueue<Entry> seen, String key, long version, String text)
            throws InterruptedException {
        Entry entry = seen.poll(20, TimeUnit.SECONDS);
        assertNotNull(entry, "nothing seen of " + key + " at " + version);
        assertEquals(key, entry.key());
        assertEquals(version, entry.version());
        assertEquals(text, text(entry));
    }

    private static String text(Entry entry) {
        return new String(entry.value(), UTF_8);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
