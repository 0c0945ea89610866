/**
 * The simulated streams between gateways and storage nodes: TCP's promise within a stream, none
 * across streams.
 */
@NullMarked
package io.ackgate.simulation.network;

import org.jspecify.annotations.NullMarked;
