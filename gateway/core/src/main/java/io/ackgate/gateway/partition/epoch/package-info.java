/**
 * What the owner of a published epoch looks after whether it serves or not: its streams, its
 * replicas, and the changes of its ISR. {@code EpochRole} is what {@code Recovering} and {@code
 * Leading} share.
 */
@NullMarked
package io.ackgate.gateway.partition.epoch;

import org.jspecify.annotations.NullMarked;
