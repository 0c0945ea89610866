package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import java.util.List;

/** Takes the answers of one turn of the engine's thread; must not block it. */
@FunctionalInterface
public interface AnswerSink {
    /**
     * Takes answers to one session.
     *
     * @param answers in the order given by the engine; the listener's from now on
     */
    void answers(StreamSession session, List<StorageAnswer> answers);
}
