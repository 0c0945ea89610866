package io.ackgate.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that the processes register, as their sources name them and as Prometheus does. */
final class MetricNames {
    private static final Pattern METRIC =
            Pattern.compile(
                    "(Counter\\.builder|Timer\\.builder|Gauge\\.builder|FunctionCounter\\.builder"
                            + "|counter|gauge|Gauge|total)"
                            + "\\(\\s*(?:registry,\\s*)?\"(ackgate\\.[a-z.]+)\"");

    /** How each was registered, by name. */
    private final Map<String, String> kinds = new TreeMap<>();

    static MetricNames of(Collection<Path> sources) throws IOException {
        MetricNames names = new MetricNames();
        for (Path source : sources) {
            Matcher found = METRIC.matcher(Files.readString(source));
            while (found.find()) {
                names.kinds.put(found.group(2), found.group(1));
            }
        }
        return names;
    }

    Set<String> registered() {
        return kinds.keySet();
    }

    /** What Prometheus has of them. */
    Set<String> scraped() {
        Set<String> scraped = new TreeSet<>();
        kinds.forEach(
                (name, kind) -> {
                    String plain = name.replace('.', '_');
                    switch (kind) {
                        case "Gauge.builder", "gauge", "Gauge" -> scraped.add(plain);
                        case "Timer.builder" -> {
                            for (String part : new String[] {"bucket", "count", "sum", "max"}) {
                                scraped.add(plain + "_seconds_" + part);
                            }
                        }
                        default -> scraped.add(plain + "_total");
                    }
                });
        return scraped;
    }
}
