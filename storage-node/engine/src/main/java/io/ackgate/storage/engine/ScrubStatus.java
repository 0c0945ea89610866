package io.ackgate.storage.engine;

/**
 * How far the scrubber is.
 *
 * @param rounds that it has gone over all logs since the start
 * @param bytesRead since the start
 * @param rotFound how often it has found a log rotten, or not to be read in two rounds, that was
 *     not known to be
 * @param failedReads pieces of a log that could not be read, each time
 * @param rottenReplicas that are known to be, and stand here still
 * @param replicasLeft that this round has still to look at
 */
public record ScrubStatus(
        long rounds,
        long bytesRead,
        long rotFound,
        long failedReads,
        int rottenReplicas,
        int replicasLeft) {}
