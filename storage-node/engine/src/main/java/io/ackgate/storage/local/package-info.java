/**
 * Storage nodes in the gateway's own process: standalone mode.
 *
 * <p>The engines are the same as in a storage node process, each with a data directory and threads
 * of its own; only the stream between is a method call, and frames are shared instead of sent. A
 * node can be stopped, or killed, and started again, so that whatever happens to a replica in a
 * cluster can be seen here as well.
 */
@NullMarked
package io.ackgate.storage.local;

import org.jspecify.annotations.NullMarked;
