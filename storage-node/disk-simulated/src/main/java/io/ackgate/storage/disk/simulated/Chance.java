package io.ackgate.storage.disk.simulated;

import java.util.List;
import java.util.Random;

/**
 * What a disk decides by chance. The same answers in the same order give the same disk, so that a
 * run can be repeated.
 */
public interface Chance {
    /**
     * Dice for a disk that is as bad as it can be: what its contract does not promise does not
     * survive.
     */
    static Chance worst() {
        return new Chance() {
            @Override
            public boolean chance(double probability) {
                return probability >= 0.5;
            }

            @Override
            public int between(int low, int high) {
                return low;
            }

            @Override
            public <T> T pick(List<T> list) {
                return list.getFirst();
            }
        };
    }

    /** Dice that show what a generator gives. */
    static Chance of(Random random) {
        return new Chance() {
            @Override
            public boolean chance(double probability) {
                return random.nextDouble() < probability;
            }

            @Override
            public int between(int low, int high) {
                return random.nextInt(low, high + 1);
            }

            @Override
            public <T> T pick(List<T> list) {
                return list.get(random.nextInt(list.size()));
            }
        };
    }

    /** True with this probability, 0 to 1. */
    boolean chance(double probability);

    /** A number from {@code low} to {@code high}, both possible. */
    int between(int low, int high);

    /** One of the elements of a list that is not empty. */
    <T> T pick(List<T> list);
}
