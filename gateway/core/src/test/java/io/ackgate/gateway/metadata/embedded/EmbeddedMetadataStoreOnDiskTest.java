package io.ackgate.gateway.metadata.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStoreContract;
import io.ackgate.storage.disk.FileDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real disk, and what only real processes show. */
class EmbeddedMetadataStoreOnDiskTest extends MetadataStoreContract {
    @TempDir Path directory;

    @Override
    protected MetadataStore open() throws IOException {
        return EmbeddedMetadataStore.open(directory.resolve("store"));
    }

    @Override
    protected MetadataStore openBounded(long maxBytes) throws IOException {
        return EmbeddedMetadataStore.open(
                new FileDisk(Files.createDirectories(directory.resolve("bounded"))),
                () -> {},
                maxBytes);
    }

    @Test
    void a_directory_is_opened_once_at_a_time() throws IOException {
        Path mine = directory.resolve("mine");
        try (MetadataStore store = EmbeddedMetadataStore.open(mine)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                IOException refused =
                        assertThrows(IOException.class, () -> EmbeddedMetadataStore.open(mine));
                assertTrue(
                        String.valueOf(refused.getMessage())
                                .contains(Long.toString(ProcessHandle.current().pid())));
            }
            applied(store.compareAndSet("k", MetadataStore.ABSENT, bytes("v")));
        }
        try (MetadataStore store = EmbeddedMetadataStore.open(mine)) {
            assertEquals("v", text(await(store.get("k"))));
        }
    }

    @Test
    void a_directory_that_cannot_be_read_is_left_unlocked() throws IOException {
        Path mine = Files.createDirectories(directory.resolve("mine"));
        Path log = mine.resolve(MetadataLog.FILE);
        Files.writeString(log, "nothing that this program has written, in any format at all");
        assertThrows(CorruptMetadataException.class, () -> EmbeddedMetadataStore.open(mine));
        Files.delete(log);
        EmbeddedMetadataStore.open(mine).close();
    }

    @Test
    @Tag("slow")
    void a_killed_process_has_kept_others_out_and_what_it_has_answered() throws Exception {
        Path mine = directory.resolve("mine");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                mine.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int answered = -1;
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.US_ASCII))) {
            while (answered < 2_000) {
                answered = Integer.parseInt(output.readLine());
            }
            IOException refused =
                    assertThrows(IOException.class, () -> EmbeddedMetadataStore.open(mine));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains(Long.toString(process.pid())),
                    String.valueOf(refused.getMessage()));
            // Unlike Process.destroyForcibly it leaves the output to be read.
            process.toHandle().destroyForcibly();
            for (String late = output.readLine(); late != null; late = output.readLine()) {
                // A last line may be cut.
                if (late.length() >= Integer.toString(answered).length()) {
                    answered = Math.max(answered, Integer.parseInt(late));
                }
            }
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
        try (MetadataStore store = EmbeddedMetadataStore.open(mine)) {
            List<MetadataStore.Entry> entries = await(store.list("k"));
            assertTrue(entries.size() > answered, entries.size() + " of " + answered);
            for (int i = 0; i <= answered; i++) {
                assertEquals(Integer.toString(i), text(await(store.get("k" + i))));
            }
        }
    }

    /** Stores one key after the other and says of each that it was stored. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            MetadataStore store = EmbeddedMetadataStore.open(Path.of(arguments[0]));
            for (int i = 0; i < 10_000_000; i++) {
                applied(
                        store.compareAndSet(
                                "k" + i, MetadataStore.ABSENT, bytes(Integer.toString(i))));
                System.out.println(i);
            }
        }
    }
}
