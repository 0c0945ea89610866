package io.ackgate.simulation.check;

import io.ackgate.storage.api.Incarnation;

/**
 * A replica as its node sees it at the moment.
 *
 * @param incarnation {@link Incarnation#NONE} when the log does not count: void, faulty
 * @param epoch the epoch it has promised itself to
 * @param logEnd next offset to be written, durable or not
 * @param producers how many producers its log tells of
 */
public record ReplicaView(
        Incarnation incarnation,
        int epoch,
        long logStart,
        long logEnd,
        long highWatermark,
        int producers) {}
