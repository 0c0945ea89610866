/**
 * The log of one partition replica: segments of frames, and what is derived from them.
 *
 * <p>In the log's directory stand, named by the offset at which they begin, {@code .log} (frames
 * end to end), {@code .index} and {@code .timeindex} (sparse, hints that are rebuilt when they are
 * missing or wrong) and {@code .producers} (the producer table as of that offset). Nothing here
 * decides what is durable or who may write: that is the engine's and the journal's.
 *
 * <p>A log is confined to the engine's thread. Work that may take long, cutting and syncing, is
 * handed out as a task that touches only files, and its result is taken back on the engine's
 * thread.
 */
@NullMarked
package io.ackgate.storage.log;

import org.jspecify.annotations.NullMarked;
