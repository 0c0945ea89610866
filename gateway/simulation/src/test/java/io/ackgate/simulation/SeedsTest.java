package io.ackgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.simulation.node.EngineCore;
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
    void seedsThatFailedStayWell() throws IOException {
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
    void everySeedEndsWell() {
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
            assertTrue(sums.voids() < count / 10, "too many partitions are not judged to the end");
        }
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        for (long seed = 1; seed <= 10; seed++) {
            Ending once = Simulation.tell(seed, EngineCore::open);
            Ending again = Simulation.tell(seed, EngineCore::open);
            assertFalse(once.story().lines().isEmpty());
            assertEquals(once.story().lines(), again.story().lines());
            assertEquals(
                    once.events(),
                    Simulation.run(seed, EngineCore::open).events(),
                    "whether it is told changes nothing");
        }
    }

    /**
     * What seeds came to, so that a change of the worlds does not leave something out unnoticed.
     */
    private record Sums(long committed, long retained, int voids) {}

    private static Sums run(List<Long> seeds) {
        long begun = System.nanoTime();
        long events = 0;
        long committed = 0;
        long retained = 0;
        int voids = 0;
        List<Ending> failed = new ArrayList<>();
        for (long seed : seeds) {
            Ending ending = Simulation.run(seed, EngineCore::open);
            events += ending.events();
            committed += ending.committedRecords();
            retained += ending.retainedRecords();
            voids += ending.voidPartitions() > 0 ? 1 : 0;
            if (!ending.isGood()) {
                failed.add(Simulation.tell(seed, EngineCore::open));
            }
        }
        System.out.printf(
                "simulation: %d seeds, %d events, %d records committed, %d of them deleted by"
                        + " retention, %d seeds with a partition without promises, %.1f ms per"
                        + " seed%n",
                seeds.size(),
                events,
                committed,
                retained,
                voids,
                (System.nanoTime() - begun) / 1e6 / seeds.size());
        if (!failed.isEmpty()) {
            Ending first = failed.get(0);
            AssertionError error =
                    new AssertionError(
                            "%d of %d seeds failed: %s%n%s"
                                    .formatted(
                                            failed.size(),
                                            seeds.size(),
                                            failed.stream().map(Ending::seed).toList(),
                                            first.report(Integer.getInteger("sim.lines", 200))));
            error.initCause(first.violation());
            throw error;
        }
        return new Sums(committed, retained, voids);
    }
}
