package io.ackgate.gateway.error;

/** What an error says of the records of this attempt to write. */
public enum WriteStatus {
    /** They are not in the log and never will be from this attempt. */
    NOT_WRITTEN,
    /** They may be, at most once: only a retry of the same sequence, or a read, tells. */
    MAY_HAVE_BEEN_WRITTEN
}
