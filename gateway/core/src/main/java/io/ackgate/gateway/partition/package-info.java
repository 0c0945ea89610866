/**
 * The owner of a partition: takes an epoch over, sequences batches, fans them out and decides when
 * a caller's {@code acks} is fulfilled.
 *
 * <p>{@link io.ackgate.gateway.partition.Partition} is one mutable, thread-confined class that is
 * stepped by sealed {@link io.ackgate.gateway.partition.PartitionInput}s, each with the time, and
 * emits sealed {@link io.ackgate.gateway.partition.PartitionEffect}s. It has no clock, no thread,
 * no socket: the host that steps it carries the effects out, really or in the simulation.
 *
 * <p>A partition's life at one gateway, as its roles follow each other:
 *
 * <pre>{@code
 *          TakeOver, ElectUnclean             published
 * Idle ------------------------> Takeover ------------------> Recovering
 *  ^                                |                             |
 *  |  outrun, offline, too late     |                             | the leader has reconciled and
 *  |<-------------------------------'                             | told its producer table
 *  |                                                              v
 *  |<------------- Resign, a higher epoch, no leader -------- Leading
 *  '<------------- (the same) ------------------------------- Recovering
 * }</pre>
 *
 * <p>This package holds the values that its hosts see, and {@link
 * io.ackgate.gateway.partition.Partition}, which makes the first role and those that follow Idle.
 * What happens is in rooms, each of which sees only those below it: {@code takeover}, {@code
 * recovering}, {@code leading}, {@code epoch}, {@code reads} and {@code acks}, {@code replicas},
 * {@code isr}, {@code role}.
 */
@NullMarked
package io.ackgate.gateway.partition;

import org.jspecify.annotations.NullMarked;
