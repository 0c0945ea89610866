/** Simulated time and the chance that fills it: one queue of events, one seed. */
@NullMarked
package io.ackgate.simulation.time;

import org.jspecify.annotations.NullMarked;
