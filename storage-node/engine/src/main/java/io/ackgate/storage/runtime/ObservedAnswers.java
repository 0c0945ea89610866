package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import java.util.List;

/** Tells an observer what is read and what is refused, and passes the answers on. */
final class ObservedAnswers implements AnswerSink {
    private final LoopObserver observer;
    private final AnswerSink next;

    ObservedAnswers(LoopObserver observer, AnswerSink next) {
        this.observer = observer;
        this.next = next;
    }

    @Override
    public void answers(StreamSession session, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            if (answer instanceof StorageAnswer.Records records) {
                observer.read(records.frames().remaining());
            } else if (answer instanceof StorageAnswer.Refused refused) {
                observer.refused(refused.reason());
            }
        }
        next.answers(session, answers);
    }
}
