package io.ackgate.gateway.producer;

import java.util.concurrent.CompletionStage;

/** Hands out the identities of idempotent producers. Any thread. */
public interface ProducerIds {
    /**
     * A new producer id at epoch 0, never given before and never again. Completes exceptionally
     * when the metadata store does not answer; asking again is harmless.
     */
    CompletionStage<ProducerSession> init();
}
