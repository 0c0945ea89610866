package io.ackgate.simulation.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Breaks one rule after the other in the real sources and shows that a seed fails. {@code
 * -Dmutations=WORD} takes only the rules that contain the word, {@code -Dmutations.seeds=N} allows
 * other than 500 seeds. The table that it prints is also written to {@code target/mutations.md}.
 */
class MutationsTest {
    private static final String SIMULATION = "io.ackgate.simulation.run.Simulation";

    /** Also the mutations that are left out of a run must still find the line that they break. */
    @Test
    void everyMutationStillFindsItsLine() throws Exception {
        MutantCompiler compiler = new MutantCompiler(root());
        for (Mutation mutation : Mutations.ALL) {
            assertTrue(!compiler.compile(mutation).isEmpty(), mutation.rule());
        }
    }

    @Test
    void everyBrokenRuleMakesASeedFail() throws Exception {
        long seeds = Long.getLong("mutations.seeds", 500);
        String only = System.getProperty("mutations", "");
        List<String> table = new ArrayList<>();
        List<String> survivors = new ArrayList<>();
        table.add("| broken rule | seeds until one failed | violated |");
        table.add("|---|---|---|");
        for (Mutation mutation : Mutations.ALL) {
            if (!mutation.rule().contains(only)) {
                continue;
            }
            String row = row(mutation, seeds);
            if (row.isEmpty()) {
                survivors.add(mutation.rule());
                row = "| %s | none of %d | |".formatted(mutation.rule(), seeds);
            }
            table.add(row);
            System.out.println(row);
        }
        String text = String.join("\n", table) + "\n";
        Path target = root().resolve("gateway/simulation/target/mutations.md");
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
        System.out.println("\n" + text);
        assertTrue(table.size() > 2, () -> "no rule contains the word " + only);
        assertTrue(
                survivors.isEmpty(), () -> "no seed notices that these are broken: " + survivors);
    }

    private static String row(Mutation mutation, long seeds) throws Exception {
        MutantLoader loader =
                new MutantLoader(
                        new MutantCompiler(root()).compile(mutation),
                        MutationsTest.class.getClassLoader());
        Method verdict = loader.loadClass(SIMULATION).getMethod("verdict", long.class);
        for (long seed = 1; seed <= seeds; seed++) {
            String violated;
            try {
                violated = (String) verdict.invoke(null, seed);
            } catch (InvocationTargetException e) {
                violated = String.valueOf(e.getCause());
            }
            if (!violated.isEmpty()) {
                return "| %s | %d | %s |".formatted(mutation.rule(), seed, violated);
            }
        }
        return "";
    }

    private static Path root() {
        return Path.of(System.getProperty("repository.root", "."));
    }
}
