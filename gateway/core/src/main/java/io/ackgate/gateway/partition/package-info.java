/**
 * The owner of a partition: takes an epoch over, sequences batches, fans them out and decides when
 * a caller's {@code acks} is fulfilled.
 *
 * <p>{@link io.ackgate.gateway.partition.Partition} is one mutable, thread-confined class that is
 * stepped by sealed {@link io.ackgate.gateway.partition.PartitionInput}s, each with the time, and
 * emits sealed {@link io.ackgate.gateway.partition.PartitionEffect}s. It has no clock, no thread,
 * no socket: whoever steps it carries the effects out, really or in the simulation.
 */
@NullMarked
package io.ackgate.gateway.partition;

import org.jspecify.annotations.NullMarked;
