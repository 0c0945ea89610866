/**
 * The contract between a gateway and a storage node: what may be asked of a partition replica and
 * what it may answer.
 *
 * <p>Both sides are pure and meet only in these sealed types; a transport (in process, gRPC, or the
 * simulated network) carries them in order within one {@linkplain
 * io.ackgate.storage.api.StreamSession stream session} and may lose them only by ending the
 * session. Every request names the epoch that gives it authority; every answer names the epoch and
 * the log incarnation it speaks for, so that a late one can be recognised and counts for nothing.
 *
 * <p>{@link io.ackgate.storage.api.StorageTransport} is the gateway's port to the nodes: one
 * long-lived stream per (gateway, storage node) that carries all partitions. Its sides are
 * in-process (standalone) and gRPC (a cluster); what is above it never learns which.
 */
@NullMarked
package io.ackgate.storage.api;

import org.jspecify.annotations.NullMarked;
