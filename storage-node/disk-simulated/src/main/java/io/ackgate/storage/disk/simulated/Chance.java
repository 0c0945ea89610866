package io.ackgate.storage.disk.simulated;

import java.util.List;

/**
 * What a disk decides by chance. The same answers in the same order give the same disk, so that a
 * run can be repeated.
 */
public interface Chance {
    /** True with this probability, 0 to 1. */
    boolean chance(double probability);

    /** A number from {@code low} to {@code high}, both possible. */
    int between(int low, int high);

    /** One of the elements of a list that is not empty. */
    <T> T pick(List<T> list);
}
