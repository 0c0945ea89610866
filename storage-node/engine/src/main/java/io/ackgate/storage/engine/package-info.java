/**
 * The storage engine: who may do what to a replica, when it is answered, and what is kept up
 * behind.
 *
 * <p>A request goes from {@link io.ackgate.storage.engine.StorageEngine#step} to its replica, which
 * changes its state in memory, its segments and the journal's buffer in one step; its answer leaves
 * when the journal is durable up to there. {@code page-cache} appends need no journal and are
 * answered after the write.
 */
@NullMarked
package io.ackgate.storage.engine;

import org.jspecify.annotations.NullMarked;
