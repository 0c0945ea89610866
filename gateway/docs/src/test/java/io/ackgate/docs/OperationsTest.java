package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** operations.md explains everything that an operator may meet. */
class OperationsTest {
    private static final List<String> OF_PROCESSES =
            List.of("gateway/app", "gateway/core", "gateway/etcd", "storage-node");

    private static final Pattern METRIC =
            Pattern.compile(
                    "(?:builder|counter|gauge|Gauge|total)\\(\\s*(?:registry,\\s*)?\"(ackgate\\.[a-z.]+)\"");

    private static String page() throws IOException {
        return Files.readString(Repository.root().resolve("gateway/docs/operations.md"));
    }

    @Test
    void every_line_of_the_log_that_wants_somebody_is_explained() throws IOException {
        String page = page();
        Set<List<String>> messages = LogLines.of(sources());
        assertTrue(messages.size() > 30, messages::toString);
        List<List<String>> unexplained =
                messages.stream()
                        .filter(parts -> parts.stream().noneMatch(part -> page.contains(part)))
                        .toList();
        assertEquals(List.of(), unexplained);
    }

    @Test
    void every_metric_is_explained() throws IOException {
        Set<String> metrics = new TreeSet<>();
        for (Path source : sources()) {
            Matcher found = METRIC.matcher(Files.readString(source));
            while (found.find()) {
                metrics.add(found.group(1));
            }
        }
        assertTrue(metrics.size() > 30, metrics::toString);
        String page = page();
        assertEquals(
                List.of(),
                metrics.stream().filter(metric -> !page.contains("`" + metric + "`")).toList());
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : OF_PROCESSES) {
            try (Stream<Path> files = Files.walk(Repository.root().resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("/src/main/"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
