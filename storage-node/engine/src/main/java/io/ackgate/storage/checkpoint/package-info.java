/**
 * What a data directory knows of its replicas, written whole now and then so that the journal
 * before it is not needed any more.
 *
 * <p>A checkpoint and the journal from its {@code journalStart} on are the truth about every
 * replica's epoch, incarnation and log end; the segments hold the batches.
 */
@NullMarked
package io.ackgate.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
