/**
 * The real cores of gateway and storage over a simulated network, disk, clock and metadata store.
 *
 * <p>One thread, one seed, one queue of events: the same seed tells the same story byte for byte.
 * {@link io.ackgate.simulation.check.Invariants} looks at everything after every event; it knows
 * more than any part of the system ever can.
 */
@NullMarked
package io.ackgate.simulation;

import org.jspecify.annotations.NullMarked;
