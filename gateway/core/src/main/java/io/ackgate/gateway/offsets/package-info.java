/**
 * Offsets that consumer groups have committed, durable in the metadata store.
 *
 * <p>Commits go through {@link io.ackgate.gateway.offsets.OffsetCommits} to the store; {@link
 * io.ackgate.gateway.offsets.GroupIndex} holds all of them in memory, within bounds, for lists of
 * groups and for their expiry.
 */
@NullMarked
package io.ackgate.gateway.offsets;

import org.jspecify.annotations.NullMarked;
