package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.producer.PipelineWorld.Ending;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Exactly once, in order, and honest write statuses, whatever the network does. {@code
 * -Dackgate.pipeline.seeds=N} tries more; a failure names its seed and tells its story.
 */
class PartitionPipelineWorldTest {
    private static final int SEEDS = Integer.getInteger("ackgate.pipeline.seeds", 3_000);
    private static final long FIRST_SEED = Long.getLong("ackgate.pipeline.seed", 1);

    @Test
    void every_acknowledged_record_stands_once_and_in_order() {
        Map<Ending, Long> endings = new EnumMap<>(Ending.class);
        int identities = 0;
        int splits = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            PipelineWorld world = new PipelineWorld(seed);
            try {
                world.run(400);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ":\n" + world.story, e);
            }
            for (Ending ending : Ending.values()) {
                endings.merge(ending, world.ended(ending), Long::sum);
            }
            identities += world.identitiesGiven;
            splits += world.splits;
        }
        // The world would prove nothing if it never got rough.
        long perThousand = (long) SEEDS * 400 / 1_000;
        assertTrue(
                endings.getOrDefault(Ending.ACKNOWLEDGED, 0L) > 100 * perThousand,
                () -> "endings " + endings);
        assertTrue(
                endings.getOrDefault(Ending.NOT_WRITTEN, 0L) > perThousand,
                () -> "endings " + endings);
        assertTrue(
                endings.getOrDefault(Ending.MAY_HAVE_BEEN_WRITTEN, 0L) > perThousand,
                () -> "endings " + endings);
        assertTrue(splits > SEEDS, "batches too large: " + splits);
        assertTrue(identities > SEEDS + SEEDS / 10, "new identities: " + identities);
    }
}
