package io.ackgate.storage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerLogTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 3);
    private static final PartitionId Q = new PartitionId(new TopicId(1, 2), 4);
    private static final StreamSession SESSION = new StreamSession(0xabc, 9);

    private final List<StorageAnswer> passed = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Logger logger = Logger.getLogger(AnswerLog.class.getName());
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    lines.add(line.getLevel() + " " + line.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    private long now = 1;
    private final AnswerLog log =
            new AnswerLog(new NodeId(1), (session, answers) -> passed.addAll(answers), () -> now);

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    @Test
    void tells_what_is_wrong_with_a_replica_and_why() {
        tell(
                new StorageAnswer.Faulty(
                        P,
                        7,
                        Incarnation.of(2, 1),
                        StorageAnswer.Fault.IO_ERROR,
                        "syncing: no such device"));
        assertEquals(
                List.of(
                        "SEVERE node-1: replica 00000000-0000-0001-0000-000000000002-3, epoch 7,"
                                + " stream 9 of gateway abc, is faulty, IO_ERROR: syncing: no such"
                                + " device"),
                lines);
    }

    @Test
    void tells_a_refusal_once_until_it_changes_or_has_gone_on_for_long() {
        for (int i = 0; i < 100; i++) {
            tell(refused(P, Refusal.GAP));
        }
        assertEquals(1, lines.size());
        assertTrue(
                lines.getFirst().contains("refuses: GAP (epoch 3, log end 12) sent 14"),
                lines::toString);
        tell(refused(Q, Refusal.GAP));
        tell(refused(P, Refusal.DISK_FULL));
        assertEquals(3, lines.size());
        now += AnswerLog.SILENCE_NANOS;
        tell(refused(P, Refusal.DISK_FULL));
        assertEquals(3, lines.size());
        now++;
        tell(refused(P, Refusal.DISK_FULL));
        assertEquals(4, lines.size());
    }

    @Test
    void says_nothing_of_what_goes_well_and_passes_everything_on() {
        List<StorageAnswer> answers =
                List.of(
                        new StorageAnswer.Appended(P, 1, Incarnation.of(1, 1), 5),
                        new StorageAnswer.OffsetListed(P, 1, 1, StorageAnswer.ReadStatus.OK, 2, 3),
                        refused(P, Refusal.GAP),
                        refused(P, Refusal.GAP));
        log.answers(SESSION, answers);
        assertEquals(answers, passed);
        assertEquals(1, lines.size());
    }

    private static StorageAnswer refused(PartitionId partition, Refusal reason) {
        return new StorageAnswer.Refused(partition, 1, reason, 3, 12, "sent 14");
    }

    private void tell(StorageAnswer answer) {
        log.answers(SESSION, List.of(answer));
    }
}
