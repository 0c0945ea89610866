package io.ackgate.client.producer;

import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.GatewayError;

/** Called by a pipeline with the outcome of its batches, exactly once for each. */
interface BatchCallbacks {
    /** All records of the batch are acknowledged. */
    void acknowledged(ProducerBatch batch, Receipt receipt);

    /**
     * No record of the batch is acknowledged, and none will be sent again.
     *
     * @param writeStatus what all attempts together say of the records
     */
    void failed(ProducerBatch batch, GatewayError why, WriteStatus writeStatus);
}
