package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.EngineEffect;
import io.ackgate.storage.engine.EngineEffects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the engine does in a turn: answers go to each session together, work is handed out at once.
 * Confined to the engine's thread.
 */
final class Deliveries implements EngineEffects {
    private final AnswerSink listener;
    private final Consumer<EngineEffect> work;
    private final Map<StreamSession, List<StorageAnswer>> answers = new LinkedHashMap<>();

    /**
     * Deliveries.
     *
     * @param work has work handed out
     */
    Deliveries(AnswerSink listener, Consumer<EngineEffect> work) {
        this.listener = listener;
        this.work = work;
    }

    @Override
    public void take(EngineEffect effect) {
        work.accept(effect);
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
