package io.ackgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.simulation.run.Ending;
import io.ackgate.simulation.run.Simulation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The simulation itself: {@code -Dsim.seeds=N} runs so many seeds, {@code -Dsim.from=N} begins with
 * that one, {@code -Dsim.seed=N} runs one alone, {@code -Dsim.lines=N} tells so much of its story.
 */
class SeedsTest {
    /** Seeds that once failed always run first, and for ever. */
    @Test
    void seeds_that_failed_stay_well() throws IOException {
        try (InputStream list = SeedsTest.class.getResourceAsStream("/seeds-that-failed.txt")) {
            byte[] bytes = Objects.requireNonNull(list, "the list is gone").readAllBytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            List<Long> seeds =
                    text.lines()
                            .map(line -> line.replaceAll("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .map(Long::valueOf)
                            .toList();
            assertFalse(seeds.isEmpty());
            run(seeds);
        }
    }

    @Test
    void every_seed_ends_well() {
        Long one = Long.getLong("sim.seed");
        long first = one != null ? one : Long.getLong("sim.from", 1);
        long count = one != null ? 1 : Long.getLong("sim.seeds", 500);
        List<Long> seeds = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            seeds.add(seed);
        }
        Sums sums = run(seeds);
        if (count >= 500) {
            assertTrue(sums.retained() > sums.committed() / 10, "retention has little to do");
            assertTrue(
                    sums.voidSeeds() < count / 10, "too many partitions are not judged to the end");
        }
    }

    @Test
    void the_same_seed_tells_the_same_story() {
        for (long seed = 1; seed <= 10; seed++) {
            Ending once = Simulation.tell(seed);
            Ending again = Simulation.tell(seed);
            assertFalse(once.story().lines().isEmpty());
            assertEquals(once.story().lines(), again.story().lines());
            assertEquals(
                    once.events(),
                    Simulation.run(seed).events(),
                    "whether it is told changes nothing");
        }
    }

    /** Runs seeds side by side; none knows of another. */
    private static Sums run(List<Long> seeds) {
        long begun = System.nanoTime();
        Sums sums = new Sums();
        seeds.parallelStream().map(seed -> Simulation.run(seed)).forEach(sums::add);
        System.out.println(sums.told((System.nanoTime() - begun) / 1e6 / seeds.size()));
        List<Long> failed = sums.failed();
        if (!failed.isEmpty()) {
            Ending first = Simulation.tell(failed.get(0));
            AssertionError error =
                    new AssertionError(
                            "%d of %d seeds failed: %s%n%s%n%s"
                                    .formatted(
                                            failed.size(),
                                            seeds.size(),
                                            failed,
                                            sums.violated(),
                                            first.report(Integer.getInteger("sim.lines", 200))));
            error.initCause(first.violation());
            throw error;
        }
        return sums;
    }
}
