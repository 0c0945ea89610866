package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests that pages name exist: who looks for what holds a case finds it. */
class CasesTest {
    /** {@code `NameTest#method`} or {@code `NameIT`}. */
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:#(\\w+))?`");

    private static final Set<String> SKIPPED = Set.of("target", ".git", "data");

    @ParameterizedTest
    @ValueSource(strings = {"gateway/docs/cases.md", "storage-node/docs/faults.md"})
    void every_test_that_is_named_exists(String page) throws IOException {
        Map<String, String> sources = sources();
        Set<String> missing = new TreeSet<>();
        int named = 0;
        Matcher test = TEST.matcher(Files.readString(Repository.root().resolve(page)));
        while (test.find()) {
            named++;
            String source = sources.get(test.group(1));
            String method = test.group(2);
            if (source == null || (method != null && !source.contains("void " + method + "("))) {
                missing.add(test.group());
            }
        }
        assertTrue(named > 10, page + " names tests in another way now");
        assertEquals(Set.of(), missing);
    }

    /** Of each test by its class's name; of two with one name both. */
    private static Map<String, String> sources() throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        Files.walkFileTree(
                Repository.root(),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        return SKIPPED.contains(directory.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = file.getFileName().toString();
                        if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
                            files.computeIfAbsent(
                                            name.substring(0, name.length() - ".java".length()),
                                            test -> new ArrayList<>())
                                    .add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        Map<String, String> sources = new HashMap<>();
        for (Map.Entry<String, List<Path>> test : files.entrySet()) {
            StringBuilder text = new StringBuilder();
            for (Path file : test.getValue()) {
                text.append(Files.readString(file));
            }
            sources.put(test.getKey(), text.toString());
        }
        return sources;
    }
}
