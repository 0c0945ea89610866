/**
 * The port to the storage nodes: one long-lived stream per (gateway, storage node) that carries all
 * partitions.
 *
 * <p>Its sides are in-process (standalone) and gRPC (a cluster). What is above it never learns
 * which.
 */
@NullMarked
package io.ackgate.gateway.transport;

import org.jspecify.annotations.NullMarked;
