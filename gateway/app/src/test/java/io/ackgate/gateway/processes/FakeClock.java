package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wall clock of a process, to be set while it runs; its monotonic clock is the machine's. Needs
 * Debian's {@code libfaketime}.
 *
 * @param library what the process loads first
 * @param offset the file that says by how much the clock is off
 */
record FakeClock(Path library, Path offset) {
    /** A clock that is right as yet; null if the machine has no such library. */
    static @Nullable FakeClock at(Path offset) {
        Path library = found();
        if (library == null) {
            return null;
        }
        FakeClock clock = new FakeClock(library, offset);
        clock.ahead("+0");
        return clock;
    }

    private static @Nullable Path found() {
        try (DirectoryStream<Path> platforms = Files.newDirectoryStream(Path.of("/usr/lib"))) {
            for (Path platform : platforms) {
                Path library = platform.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return library;
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a process needs in its environment to have this clock. It looks at the offset once a
     * second. Without the last of these the library, where it takes the C library for one that
     * needs it, turns the time of a wait into the wall clock's, and waits of the JVM end at once.
     */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "NO_FAKE_STAT", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** Sets the clock, as {@code +8d}. */
    void ahead(String by) {
        try {
            // Whoever reads it meets all of it.
            Path next = offset.resolveSibling(offset.getFileName() + ".next");
            Files.writeString(next, by + "\n");
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
