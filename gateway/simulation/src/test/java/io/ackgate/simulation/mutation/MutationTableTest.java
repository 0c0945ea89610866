package io.ackgate.simulation.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the README tell of every broken rule, and of no other, who notices it. */
class MutationTableTest {
    private static final Path MODULE =
            Path.of(System.getProperty("repository.root", "."), "gateway/simulation");

    /** The first seed that fails, and what it violates. */
    private static final Pattern BY_SEED = Pattern.compile("\\d+ \\| .+");

    @Test
    void the_tables_of_the_readme_and_the_files_have_the_same_rules() throws Exception {
        List<String> rows =
                Files.readAllLines(MODULE.resolve("README.md")).stream()
                        .dropWhile(line -> !line.startsWith("| broken rule |"))
                        .filter(
                                line ->
                                        line.startsWith("| ")
                                                && !line.startsWith("| broken rule |"))
                        .toList();
        Set<String> left = new HashSet<>(rows);
        assertEquals(rows.size(), left.size(), "a row stands there twice");
        List<String> missing = new ArrayList<>();
        for (Mutation each : MutationFile.readAll(MODULE.resolve("src/test/resources/mutations"))) {
            if (!left.removeIf(row -> tellsOf(row, each))) {
                String by = each.seenBy();
                missing.add(
                        "| %s | %s |"
                                .formatted(
                                        each.rule(),
                                        by == null ? "SEED | VIOLATED" : "`" + by + "`"));
            }
        }
        assertEquals(List.of(), missing, "rows that the README lacks");
        assertEquals(Set.of(), left, "rows of the README that no file has");
    }

    private static boolean tellsOf(String row, Mutation mutation) {
        String begin = "| " + mutation.rule() + " | ";
        if (!row.startsWith(begin) || !row.endsWith(" |")) {
            return false;
        }
        String by = row.substring(begin.length(), row.length() - 2);
        String test = mutation.seenBy();
        return test == null ? BY_SEED.matcher(by).matches() : by.equals("`" + test + "`");
    }
}
