package io.ackgate.storage.disk.simulated;

import org.jspecify.annotations.Nullable;

/** Which fsyncs of a disk fail. */
final class SyncFaults {
    private boolean all;
    private long left = Long.MAX_VALUE;
    private long one = Long.MAX_VALUE;
    private @Nullable String pathPart;
    private Runnable failed = () -> {};

    void all(boolean now) {
        all = now;
        left = Long.MAX_VALUE;
    }

    void after(long successes) {
        left = successes;
    }

    void oneAfter(long successes) {
        one = successes;
    }

    void ofPaths(@Nullable String part) {
        pathPart = part;
    }

    void whenFailed(Runnable action) {
        failed = action;
    }

    void hasFailed() {
        failed.run();
    }

    /** Whether the fsync that begins now is to fail. */
    boolean fails(String path) {
        boolean after = left-- <= 0;
        boolean thisOne = one-- == 0;
        return all || after || thisOne || (pathPart != null && path.contains(pathPart));
    }
}
