/** Gateways: the real partition cores in a simulated process. */
@NullMarked
package io.ackgate.simulation.gateway;

import org.jspecify.annotations.NullMarked;
