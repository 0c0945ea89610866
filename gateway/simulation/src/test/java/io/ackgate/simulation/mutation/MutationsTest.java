package io.ackgate.simulation.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Breaks one rule after the other in the real sources and shows that a seed fails, or the test that
 * is named. {@code -Dmutations=WORD} takes only the rules that contain the word, which is a regular
 * expression, {@code -Dmutations.seeds=N} allows other than 500 seeds. The table that it prints is
 * also written to {@code target/mutations.md}.
 */
class MutationsTest {
    private static final String SIMULATION = "io.ackgate.simulation.run.Simulation";

    /** Seeds that are run side by side before the smallest that failed is looked for. */
    private static final int SIDE_BY_SIDE = 16;

    private static final Path ROOT = Path.of(System.getProperty("repository.root", "."));

    private final List<Mutation> all;
    private final MutantCompiler compiler = new MutantCompiler(ROOT);
    private final NamedTests tests = new NamedTests(ROOT);

    MutationsTest() throws Exception {
        all = MutationFile.readAll(ROOT.resolve("gateway/simulation/src/test/resources/mutations"));
    }

    /** Also the mutations that are left out of a run must still find what they break. */
    @Test
    void every_mutation_still_finds_its_place() throws Exception {
        List<String> lost = new ArrayList<>();
        for (Mutation mutation : all) {
            try {
                compiler.compile(mutation);
            } catch (IllegalStateException e) {
                lost.add(e.getMessage());
            }
        }
        assertTrue(lost.isEmpty(), () -> String.join("\n", lost));
    }

    @Test
    void every_broken_rule_is_noticed() throws Exception {
        long seeds = Long.getLong("mutations.seeds", 500);
        String only = System.getProperty("mutations", "");
        Predicate<String> taken = Pattern.compile(only).asPredicate();
        List<String> table = new ArrayList<>();
        List<String> survivors = new ArrayList<>();
        table.add("| broken rule | first seed | violated |");
        table.add("|---|---|---|");
        for (Mutation mutation : all) {
            if (!taken.test(mutation.rule())) {
                continue;
            }
            String row = row(mutation, seeds);
            if (row.isEmpty()) {
                survivors.add(mutation.rule());
                row = "none of %d | ".formatted(seeds);
            }
            String line = "| %s | %s |".formatted(mutation.rule(), row);
            table.add(line);
            System.out.println(line);
        }
        String text = String.join("\n", table) + "\n";
        Path target = ROOT.resolve("gateway/simulation/target/mutations.md");
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
        assertTrue(table.size() > 2, () -> "no rule contains " + only);
        assertTrue(
                survivors.isEmpty(), () -> "nothing notices that these are broken: " + survivors);
    }

    /** Who notices a broken rule, and how; empty if nobody does. */
    private String row(Mutation mutation, long seeds) throws Exception {
        Map<String, byte[]> mutant = compiler.compile(mutation);
        String test = mutation.seenBy();
        if (test == null) {
            return bySeed(mutant, seeds);
        }
        String failure = tests.failure(test, mutant);
        return failure.isEmpty() ? "" : "`%s` | %s".formatted(test, failure);
    }

    private String bySeed(Map<String, byte[]> mutant, long seeds) throws Exception {
        Method verdict =
                tests.loaderOf(mutant).loadClass(SIMULATION).getMethod("verdict", long.class);
        for (long first = 1; first <= seeds; first += SIDE_BY_SIDE) {
            long end = Math.min(seeds + 1, first + SIDE_BY_SIDE);
            Optional<String> failed =
                    LongStream.range(first, end)
                            .parallel()
                            .mapToObj(seed -> violated(verdict, seed))
                            .filter(row -> !row.isEmpty())
                            .findFirst();
            if (failed.isPresent()) {
                return failed.get();
            }
        }
        return "";
    }

    private static String violated(Method verdict, long seed) {
        try {
            String violated = (String) verdict.invoke(null, seed);
            return violated.isEmpty() ? "" : seed + " | " + violated;
        } catch (InvocationTargetException e) {
            return seed + " | " + e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
