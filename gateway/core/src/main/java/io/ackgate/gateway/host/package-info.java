/**
 * One partition as its gateway hosts it, whether the gateway owns it or not: who should own it,
 * when to try again, what a compare-and-set means that was never answered, how an owner steps down,
 * and what becomes of a partition that breaks. See ADR 0010.
 *
 * <p>A {@link io.ackgate.gateway.host.PartitionHost} is stepped as the partition in it is: sealed
 * inputs with the time come in, effects go out, nothing blocks. The threads of the gateway and the
 * simulation run the same class.
 *
 * <pre>
 *                 Observed, Live, Opened, Configured
 *                                 |
 *                                 v
 *             +------------- Candidacy: claim, wait, release, leave it
 *             |                   ^
 *    TakeOver |                   | events
 *             v                   |
 *         Partition  idle -> takeover -> owner -> idle
 *             |
 *             v  throws, or an invariant is broken
 *          broken: answers nothing, is told nothing; the next claim begins another partition
 * </pre>
 *
 * <p>An owner that serves keeps its partition though another gateway comes before it in rendezvous
 * order: the candidacy is asked only while the partition is idle. All ways in which it steps down
 * are one, {@code PartitionHost.resign}.
 */
@NullMarked
package io.ackgate.gateway.host;

import org.jspecify.annotations.NullMarked;
