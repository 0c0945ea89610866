package io.ackgate.gateway.consume;

/** What a consumer gets of a piece of log. */
public enum RecordFormat {
    /** Records, each of its own. */
    RECORDS,
    /** Whole batches as they are stored. */
    BATCHES
}
