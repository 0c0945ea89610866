package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

    private static final Pattern SOURCE = Pattern.compile(".*(?:Test|IT)\\.java");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway/docs/cases.md",
                "gateway/docs/bounds.md",
                "storage-node/docs/faults.md"
            })
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
        Map<String, String> sources = new HashMap<>();
        for (Path test : Repository.files(name -> SOURCE.matcher(name).matches())) {
            String file = test.getFileName().toString();
            String name = file.substring(0, file.length() - ".java".length());
            sources.merge(name, Files.readString(test), String::concat);
        }
        return sources;
    }
}
