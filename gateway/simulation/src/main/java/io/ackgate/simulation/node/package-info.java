/** Storage nodes: the real engine on a simulated machine. */
@NullMarked
package io.ackgate.simulation.node;

import org.jspecify.annotations.NullMarked;
