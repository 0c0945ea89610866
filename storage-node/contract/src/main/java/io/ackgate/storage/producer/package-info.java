/**
 * The state of idempotent producers, derived from the log alone.
 *
 * <p>The same table stands at the owner, which decides with it, and at every replica, which
 * snapshots it: both feed it with the batches of the log and nothing else.
 */
@NullMarked
package io.ackgate.storage.producer;

import org.jspecify.annotations.NullMarked;
