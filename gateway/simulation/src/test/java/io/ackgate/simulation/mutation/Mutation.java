package io.ackgate.simulation.mutation;

import java.util.List;

/**
 * One rule, broken in the real source.
 *
 * @param rule what is broken, in the protocol's words
 * @param edits all of them together break it; other rules may stand behind one that is broken alone
 */
record Mutation(String rule, List<Edit> edits) {
    /**
     * A change of one source file.
     *
     * @param file from the repository's root on
     * @param find stands in the file exactly once, or the suite fails
     */
    record Edit(String file, String find, String replace) {}

    static Mutation of(String rule, Edit... edits) {
        return new Mutation(rule, List.of(edits));
    }
}
