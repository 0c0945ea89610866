/**
 * Which gateway claims a partition's next epoch, and when. Safety rests on epochs alone; these
 * rules see to it that each partition has an owner.
 *
 * <p>A {@link io.ackgate.gateway.ownership.Candidacy} is one gateway's view of one partition: the
 * live gateways, the state as last seen, the open streams, and how its own attempts went. It is
 * asked for a verdict whenever the partition is idle. {@link io.ackgate.gateway.host.PartitionHost}
 * asks, in the gateway and in the simulation.
 */
@NullMarked
package io.ackgate.gateway.ownership;

import org.jspecify.annotations.NullMarked;
