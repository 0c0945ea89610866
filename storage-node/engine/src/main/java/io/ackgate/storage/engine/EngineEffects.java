package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;

/** Takes what a step of the engine has done, in its order, on the engine's thread. */
@FunctionalInterface
public interface EngineEffects extends Answers {
    void take(EngineEffect effect);

    /** Takes an answer, of which there are so many that it need not be wrapped. */
    @Override
    default void answer(StreamSession session, StorageAnswer answer) {
        take(new EngineEffect.Answer(session, answer));
    }
}
