package io.ackgate.simulation.check;

/** What became of a log that may lack what it acknowledged. */
public enum Harmed {
    DISK_REPLACED,
    /** The machine lost power, and records were in its page cache. */
    POWER_LOST,
    /** A bit turned over, and nobody may ever notice. */
    DECAYED,
    /** Its node has given it up by itself, after a failed fsync. */
    GIVEN_UP
}
