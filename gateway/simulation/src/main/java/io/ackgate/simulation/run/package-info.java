/** Runs of the simulation: a world of one seed, its load, its faults, its healing and its end. */
@NullMarked
package io.ackgate.simulation.run;

import org.jspecify.annotations.NullMarked;
