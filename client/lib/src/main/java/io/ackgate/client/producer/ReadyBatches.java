package io.ackgate.client.producer;

import org.jspecify.annotations.Nullable;

/** From where a pipeline takes batches that were never sent. */
interface ReadyBatches {
    /**
     * Takes the next batch out, in the order in which they were filled.
     *
     * @return null if none is ready to be sent
     */
    @Nullable ProducerBatch poll(long nowNanos);
}
