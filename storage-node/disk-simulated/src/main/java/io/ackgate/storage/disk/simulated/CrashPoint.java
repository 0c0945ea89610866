package io.ackgate.storage.disk.simulated;

/** Counts the operations that change something, and stops the machine at one of them. */
final class CrashPoint {
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashed;

    long operations() {
        return operations;
    }

    void crashAt(long operation) {
        crashAt = operation;
    }

    /** The machine runs again. */
    void restart() {
        crashed = false;
        crashAt = Long.MAX_VALUE;
    }

    /** One of the operations that change something; {@code what} tells of it where it is traced. */
    void operation(String what, String path) {
        if (Boolean.getBoolean("ackgate.disk.trace")) {
            System.out.println("  disk " + what + " " + path);
        }
        if (crashed || ++operations == crashAt) {
            crashed = true;
            throw new SimulatedCrash(what + " " + path);
        }
    }

    /** Whether the machine stops at the operation that comes next, half way through it. */
    boolean isNext() {
        return operations + 1 == crashAt;
    }

    void requireRunning() {
        if (crashed) {
            throw new SimulatedCrash("already");
        }
    }
}
