package io.ackgate.gateway.partition;

/** What an error says of the records of this attempt. */
public enum WriteStatus {
    /** They are not in the log and never will be from this attempt. */
    NOT_WRITTEN,
    /** They may be, at most once: only a retry of the same sequence, or a read, tells. */
    MAY_HAVE_BEEN_WRITTEN
}
