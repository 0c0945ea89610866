/**
 * The metadata store of a single gateway process: a directory with one append-only, checksummed log
 * of changes, and all of it in memory.
 *
 * <p>One thread takes the operations in their order, writes what a group of them changes as one
 * frame, syncs once and only then answers. The format is told in {@link
 * io.ackgate.gateway.metadata.embedded.MetadataLog}.
 */
@NullMarked
package io.ackgate.gateway.metadata.embedded;

import org.jspecify.annotations.NullMarked;
