package io.ackgate.simulation.check;

/** An invariant does not hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Invariant invariant;

    public Violation(Invariant invariant, String detail) {
        super(detail);
        this.invariant = invariant;
    }

    public Violation(Invariant invariant, String detail, Throwable cause) {
        super(detail, cause);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }

    /** Throws unless {@code holds}. */
    public static void unless(
            boolean holds, Invariant invariant, java.util.function.Supplier<String> detail) {
        if (!holds) {
            throw new Violation(invariant, detail.get());
        }
    }
}
