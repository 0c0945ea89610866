package io.ackgate.storage.disk.simulated;

/** The machine stopped in the middle of a disk operation. */
public final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1;

    SimulatedCrash(String where) {
        super(where, null, false, false);
    }
}
