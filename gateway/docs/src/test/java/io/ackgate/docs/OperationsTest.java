package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;

/** operations.md explains everything that an operator may meet. */
class OperationsTest {
    private static final List<String> OF_PROCESSES =
            List.of("gateway/app", "gateway/core", "gateway/etcd", "storage-node");

    /** A series in an expression, and not a setting, a host or a part of a longer word. */
    private static final Pattern SERIES = Pattern.compile("(?<![\\w.])ackgate_[a-z_]+");

    private static final Pattern RULE = Pattern.compile("- alert: (\\w+)\\n\\s+expr: (.+)\\n");

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
        Set<String> metrics = MetricNames.of(sources()).registered();
        assertTrue(metrics.size() > 30, metrics::toString);
        String page = page();
        assertEquals(
                List.of(),
                metrics.stream().filter(metric -> !page.contains("`" + metric + "`")).toList());
    }

    @Test
    void every_series_that_is_named_is_there() throws IOException {
        Set<String> there = MetricNames.of(sources()).scraped();
        Set<String> missing = new TreeSet<>();
        Matcher named = SERIES.matcher(page() + alerts());
        while (named.find()) {
            String series = named.group();
            // A timer may be named as a whole.
            if (!there.contains(series) && !there.contains(series + "_bucket")) {
                missing.add(series);
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void every_alert_is_explained_with_its_expression() throws IOException {
        String page = page();
        int rules = 0;
        Matcher rule = RULE.matcher(alerts());
        while (rule.find()) {
            rules++;
            String row = "| " + rule.group(1) + " | `" + rule.group(2) + "`";
            assertTrue(page.contains(row), row);
        }
        assertTrue(rules > 10, () -> "too few rules were found");
    }

    private static String alerts() throws IOException {
        return Files.readString(Repository.root().resolve("gateway/docs/alerts.yml"));
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
