package io.ackgate.gateway.metadata.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the store has answered is there after a loss of power at any time. */
@Timeout(60)
class MetadataPowerLossTest {
    private final StoreDisk disk = new StoreDisk();

    private static MetadataStore open(StoreDisk disk) throws IOException {
        return EmbeddedMetadataStore.open(disk, () -> {});
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static long put(MetadataStore store, String key, long version, byte[] value) {
        Outcome outcome = await(store.compareAndSet(key, version, value));
        return outcome instanceof Outcome.Applied(long applied) ? applied : -1;
    }

    private static String valueOf(MetadataStore store, String key) {
        return new String(await(store.get(key)).value(), UTF_8);
    }

    @Test
    void every_answer_survives_over_compactions_too() throws IOException {
        int compactions = 0;
        try (MetadataStore store = open(disk)) {
            put(store, "first", MetadataStore.ABSENT, "stays".getBytes(UTF_8));
            long version = 0;
            int before = 0;
            for (int i = 0; i < 40; i++) {
                byte[] value = new byte[100 << 10];
                value[0] = (byte) i;
                version = put(store, "k", version, value);
                // The next answer comes when a compaction that this one set off is over.
                await(store.get("k"));
                int size = disk.bytes(MetadataLog.FILE).length;
                compactions += size < before ? 1 : 0;
                before = size;
                try (MetadataStore left = open(disk.afterPowerLoss())) {
                    assertEquals("stays", valueOf(left, "first"));
                    assertEquals(version, await(left.get("k")).version());
                    assertEquals(i, await(left.get("k")).value()[0]);
                }
            }
        }
        assertTrue(compactions >= 2, "compacted " + compactions + " times");
    }

    @Test
    void a_frame_whose_sync_has_failed_is_written_again_before_it_is_answered() throws IOException {
        try (MetadataStore store = open(disk)) {
            put(store, "a", MetadataStore.ABSENT, "1".getBytes(UTF_8));
            disk.syncsFail(true);
            CompletionStage<Outcome> unknown =
                    store.compareAndSet("b", MetadataStore.ABSENT, "2".getBytes(UTF_8));
            assertThrows(CompletionException.class, () -> await(unknown));
        }
        disk.syncsFail(false);
        try (MetadataStore store = open(disk)) {
            assertEquals("2", valueOf(store, "b"));
            try (MetadataStore left = open(disk.afterPowerLoss())) {
                assertEquals("1", valueOf(left, "a"));
                assertEquals("2", valueOf(left, "b"));
            }
        }
    }

    @Test
    void a_compacted_log_whose_name_was_not_synced_is_found_after_what_it_has_answered()
            throws IOException {
        try (MetadataStore store = open(disk)) {
            disk.fail(Operation.OPEN_DIRECTORY);
            put(store, "a", MetadataStore.ABSENT, new byte[1 << 20]);
            CompletionStage<Entry> ended = store.get("a");
            assertThrows(CompletionException.class, () -> await(ended));
        }
        disk.heal();
        try (MetadataStore store = open(disk)) {
            put(store, "b", MetadataStore.ABSENT, "2".getBytes(UTF_8));
            try (MetadataStore left = open(disk.afterPowerLoss())) {
                assertEquals("2", valueOf(left, "b"));
            }
        }
    }

    @Test
    void a_torn_write_is_cut_for_good() throws IOException {
        try (MetadataStore store = open(disk)) {
            put(store, "a", MetadataStore.ABSENT, "1".getBytes(UTF_8));
        }
        byte[] whole = disk.bytes(MetadataLog.FILE);
        byte[] torn = Arrays.copyOf(whole, whole.length + 5);
        torn[whole.length] = 'A';
        disk.put(MetadataLog.FILE, torn);
        open(disk).close();
        try (MetadataStore store = open(disk)) {
            put(store, "b", MetadataStore.ABSENT, "2".getBytes(UTF_8));
        }
        MetadataLog.Opened opened = MetadataLog.open(disk, new TreeMap<>());
        assertEquals(0, opened.bytesCut());
        opened.log().close();
    }
}
