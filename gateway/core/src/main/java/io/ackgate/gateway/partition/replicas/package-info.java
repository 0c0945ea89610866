/**
 * The replicas of an epoch: how far each is, how it is brought to the owner's log, and what it is
 * sent.
 *
 * <p>Calls go one way: {@code CatchUp} to {@code Reconciliation} to {@code Replication} to {@code
 * ReadBack} to {@code ReplicaProgress}. A stage of a replica follows another as its transitions
 * allow:
 *
 * <pre>{@code
 * any stage -- its stream ends --------------------------> DOWN
 * any stage -- a stream opens, or a pause is over -------> FENCING
 * any but DOWN -- it refuses what may pass --------------> PAUSED
 * any but DOWN -- its log does not count, or is let go --> LOST
 *
 * LOST      -- its new incarnation is stored, and sent --> ASSIGNING
 * FENCING   -- it answers with the log that is named ----> RECONCILING
 * ASSIGNING -- it answers with its new incarnation ------> RECONCILING
 * RECONCILING -- it is cut to the owner's log -----------> RECONCILED
 * }</pre>
 */
@NullMarked
package io.ackgate.gateway.partition.replicas;

import org.jspecify.annotations.NullMarked;
