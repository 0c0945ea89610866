/**
 * Runs a storage engine for real: two threads that take turns at the engine and at its group
 * commits, one for background work, a few that read. Everything that is not deterministic about a
 * storage node is here and in {@code FileDisk}.
 */
@NullMarked
package io.ackgate.storage.runtime;

import org.jspecify.annotations.NullMarked;
