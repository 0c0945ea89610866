package io.ackgate.storage.engine;

import org.junit.jupiter.api.Test;

/** Many short lives; a failing one is lived again with {@code -Dackgate.life.seed=N}. */
class RandomLifeTest {
    private static final int LIVES = Integer.getInteger("ackgate.lives", 400);
    private static final int STEPS = 600;

    @Test
    void nothing_acknowledged_is_lost_and_nothing_cut_comes_back() throws Exception {
        Integer only = Integer.getInteger("ackgate.life.seed");
        int from = only == null ? 1 : only;
        int to = only == null ? LIVES : only;
        for (int seed = from; seed <= to; seed++) {
            RandomLife life = new RandomLife(seed);
            try {
                life.run(STEPS);
            } catch (AssertionError | RuntimeException e) {
                int first =
                        Math.max(
                                0,
                                life.story.size() - Integer.getInteger("ackgate.life.story", 60));
                throw new AssertionError(
                        "seed "
                                + seed
                                + ":\n"
                                + String.join("\n", life.story.subList(first, life.story.size())),
                        e);
            }
        }
    }
}
