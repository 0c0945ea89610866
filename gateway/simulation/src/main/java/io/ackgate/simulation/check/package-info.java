/**
 * What must be true at every moment, told by an observer who sees all gateways, all replicas, the
 * metadata store and the wire at once. Each {@link io.ackgate.simulation.check.Invariant} names the
 * sentence of the protocol that it comes from.
 */
@NullMarked
package io.ackgate.simulation.check;

import org.jspecify.annotations.NullMarked;
