package io.ackgate.gateway.runtime;

import io.ackgate.gateway.loop.SerialLoop;

/** Something for a partition thread to do. */
abstract class Work extends SerialLoop.Work<Work> {
    /** Called once, on the partition thread. */
    abstract void run(PartitionThread thread);

    /** Called instead of {@link #run} when the thread has stopped. */
    abstract void refuse();
}
