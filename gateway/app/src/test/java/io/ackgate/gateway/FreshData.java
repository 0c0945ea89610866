package io.ackgate.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts the gateway on an empty data directory, and removes it afterwards. */
public final class FreshData implements QuarkusTestResourceLifecycleManager {
    private @Nullable Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("ackgate-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("ackgate.data.dir", directory.toString());
    }

    @Override
    public void stop() {
        if (directory == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
