package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedAnswersTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 3);

    private final List<Integer> read = new ArrayList<>();
    private final List<Refusal> refused = new ArrayList<>();
    private final List<List<StorageAnswer>> passed = new ArrayList<>();
    private final ObservedAnswers answers =
            new ObservedAnswers(
                    new LoopObserver() {
                        @Override
                        public void read(int bytes) {
                            read.add(bytes);
                        }

                        @Override
                        public void refused(Refusal reason) {
                            refused.add(reason);
                        }
                    },
                    (session, some) -> passed.add(some));

    @Test
    void reads_and_refusals_are_told_and_all_is_passed_on() {
        List<StorageAnswer> some =
                List.of(
                        new StorageAnswer.Appended(P, 1, Incarnation.of(2, 1), 5),
                        new StorageAnswer.Records(
                                P,
                                1,
                                9,
                                StorageAnswer.ReadStatus.OK,
                                ByteBuffer.allocate(100).position(30),
                                0,
                                5),
                        new StorageAnswer.Refused(P, 1, Refusal.STALE_EPOCH, 2, 5, ""));
        answers.answers(new StreamSession(1, 1), some);
        assertEquals(List.of(70), read);
        assertEquals(List.of(Refusal.STALE_EPOCH), refused);
        assertSame(some, passed.getFirst());
    }
}
