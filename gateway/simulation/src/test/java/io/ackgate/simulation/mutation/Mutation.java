package io.ackgate.simulation.mutation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule, broken in the real source.
 *
 * @param rule what is broken, in the protocol's words
 * @param edits all of them together break it; other rules may stand behind one that is broken alone
 * @param seenBy the test that must fail, {@code Class} or {@code Class.method}; null when a seed of
 *     the simulation must
 */
record Mutation(String rule, List<Edit> edits, @Nullable String seenBy) {
    /**
     * A change of one member of a class.
     *
     * @param type simple name of the class, {@code Outer.Inner} for one that is nested
     * @param member a method, a field, or {@code new} for the constructors; overloads count as one
     * @param times how often {@code find} stands there, no more and no less
     * @param find what is replaced; white space and comments make no difference
     * @param replace empty to leave it out
     */
    record Edit(String type, String member, int times, String find, String replace) {
        String place() {
            return type + "." + member;
        }
    }
}
