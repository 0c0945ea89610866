/** Breaks the rules of the protocol one by one and shows that the simulation notices. */
@org.jspecify.annotations.NullMarked
package io.ackgate.simulation.mutation;
