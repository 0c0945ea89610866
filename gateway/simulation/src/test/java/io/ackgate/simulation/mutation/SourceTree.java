package io.ackgate.simulation.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sources of some modules, found by the simple names of their classes. */
final class SourceTree {
    private final Map<String, List<Path>> byName = new HashMap<>();
    private final Path root;

    private SourceTree(Path root) {
        this.root = root;
    }

    /**
     * The sources below some directories.
     *
     * @param root of the repository
     */
    static SourceTree of(Path root, List<String> directories) throws IOException {
        var tree = new SourceTree(root);
        for (String directory : directories) {
            try (Stream<Path> files = Files.walk(root.resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(tree::add);
            }
        }
        return tree;
    }

    private void add(Path file) {
        String name = file.getFileName().toString();
        byName.computeIfAbsent(name.substring(0, name.length() - 5), n -> new ArrayList<>())
                .add(file);
    }

    /**
     * Where a class stands, from the repository's root on.
     *
     * @param type {@code Outer.Inner} stands where Outer does
     * @throws IllegalStateException if there is none, or more than one of the name
     */
    String pathOf(String type) {
        int dot = type.indexOf('.');
        String outer = dot < 0 ? type : type.substring(0, dot);
        List<Path> found = byName.getOrDefault(outer, List.of());
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "class %s stands in %d files and not in one: %s"
                            .formatted(outer, found.size(), found));
        }
        return root.relativize(found.get(0)).toString();
    }
}
