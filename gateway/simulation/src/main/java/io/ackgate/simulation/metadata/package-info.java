/**
 * The simulated metadata store: linearizable, and unreliable in every way that is still allowed.
 */
@NullMarked
package io.ackgate.simulation.metadata;

import org.jspecify.annotations.NullMarked;
