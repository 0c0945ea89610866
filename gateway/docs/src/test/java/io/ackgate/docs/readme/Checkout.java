package io.ackgate.docs.readme;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import io.ackgate.docs.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory that looks like a fresh checkout: it has what the repository has, and no data of
 * earlier runs.
 */
record Checkout(Path directory) {
    private static final Set<String> LEFT_OUT = Set.of("data", "target", ".git");

    /** With links to what is built already. */
    static Checkout ofWhatIsBuilt(Path directory) throws IOException {
        for (Path file : filesOf(Repository.root())) {
            Files.createSymbolicLink(directory.resolve(file.getFileName()), file);
        }
        return new Checkout(directory);
    }

    /** Removes the links, and nothing that they lead to. */
    void removeLinks() throws IOException {
        for (Path file : filesOf(directory)) {
            if (Files.isSymbolicLink(file)) {
                Files.delete(file);
            }
        }
    }

    /** With a copy of the sources, of which nothing is built. */
    static Checkout ofSources(Path directory) throws IOException {
        copy(Repository.root(), directory);
        return new Checkout(directory);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : filesOf(from)) {
            Path copied = to.resolve(file.getFileName());
            if (Files.isDirectory(file)) {
                copy(file, Files.createDirectory(copied));
            } else {
                Files.copy(file, copied, COPY_ATTRIBUTES);
            }
        }
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !LEFT_OUT.contains(file.getFileName().toString())).toList();
        }
    }
}
