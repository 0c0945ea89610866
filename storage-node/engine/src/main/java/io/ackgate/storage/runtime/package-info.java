/**
 * Runs a storage engine for real: the engine's own thread, one for group commits, one for upkeep.
 * Everything that is not deterministic about a storage node is here and in {@code FileDisk}.
 */
@NullMarked
package io.ackgate.storage.runtime;

import org.jspecify.annotations.NullMarked;
