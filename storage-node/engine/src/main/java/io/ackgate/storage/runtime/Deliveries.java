package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.Answers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answers of a turn, which go to each session together. Confined to the engine's thread. */
final class Deliveries implements Answers {
    private final AnswerListener listener;
    private final Map<StreamSession, List<StorageAnswer>> answers = new LinkedHashMap<>();

    Deliveries(AnswerListener listener) {
        this.listener = listener;
    }

    @Override
    public void answer(StreamSession session, StorageAnswer answer) {
        answers.computeIfAbsent(session, s -> new ArrayList<>()).add(answer);
    }

    void deliver() {
        if (!answers.isEmpty()) {
            answers.forEach(listener::answers);
            answers.clear();
        }
    }
}
