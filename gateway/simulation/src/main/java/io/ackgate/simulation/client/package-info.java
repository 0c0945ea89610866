/** Simulated producers and consumers, with the manners of real client libraries. */
@NullMarked
package io.ackgate.simulation.client;

import org.jspecify.annotations.NullMarked;
