package io.ackgate.gateway.runtime;

import org.jspecify.annotations.Nullable;

/** Something for a partition thread to do. Stands in one {@link Inbox}, once. */
abstract class Work {
    /** The work that was put in before this one; then, once taken, the one put in after it. */
    @Nullable Work next;

    /** Called once, on the shard's thread. */
    abstract void run(Shard shard);

    /** Called instead of {@link #run} when the shard has stopped. */
    abstract void refuse();
}
