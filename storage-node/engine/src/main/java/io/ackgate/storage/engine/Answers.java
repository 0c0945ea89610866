package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;

/**
 * Takes what replicas answer, on the engine's thread. Answers to a session that has ended are lost.
 */
@FunctionalInterface
interface Answers {
    void answer(StreamSession session, StorageAnswer answer);
}
