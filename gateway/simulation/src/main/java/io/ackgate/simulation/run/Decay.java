package io.ackgate.simulation.run;

/** Where bits may flip. */
final class Decay {
    private Decay() {}

    /**
     * A flip in the last thing written to a file cannot be told from a write that was torn: no
     * checksum can help, and nobody promises that it is noticed before the log has been cut there.
     * All that has something after it may be hit.
     */
    static int flippable(String path, int durableSize) {
        return Math.max(0, durableSize - 2_048);
    }
}
