package io.ackgate.simulation.check;

import io.ackgate.gateway.partition.PartitionInput.Position;

/**
 * A request for a position.
 *
 * @param timestampMillis counts for {@link Position#TIMESTAMP} only
 * @param committed how far the gateway asked had committed when the request arrived; the answer may
 *     know more
 */
public record PositionAsked(Position position, long timestampMillis, long committed) {}
