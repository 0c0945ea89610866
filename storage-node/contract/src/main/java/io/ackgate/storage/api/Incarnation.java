package io.ackgate.storage.api;

/**
 * The identity of one log of one partition replica, created only by assignment.
 *
 * <p>A disk that came back empty, or a log that may have lost what it acknowledged, is not the log
 * that an in-sync-replica list names, whatever node it stands on. Comparing incarnations is what
 * keeps it from answering as the old one.
 */
public record Incarnation(long value) {
    /** No incarnation: never assigned, or void because acknowledged records may be missing. */
    public static final Incarnation NONE = new Incarnation(0);

    /**
     * The n-th incarnation that the owner of an epoch creates; unique per partition because an
     * epoch has one owner, which never resumes it.
     */
    public static Incarnation of(int leaderEpoch, int serial) {
        return new Incarnation(((long) leaderEpoch << 32) | (serial & 0xFFFF_FFFFL));
    }

    @Override
    public String toString() {
        return this.equals(NONE) ? "none" : (value >>> 32) + "." + (value & 0xFFFF_FFFFL);
    }
}
