package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Of several failures of one request the caller is told the one that promises least. */
class SplitRequestTest {
    private static final ProduceOutcome.Failed RETRIABLE =
            failed(ErrorCode.NOT_ENOUGH_REPLICAS, WriteStatus.NOT_WRITTEN);
    private static final ProduceOutcome.Failed FINAL =
            failed(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, WriteStatus.NOT_WRITTEN);
    private static final ProduceOutcome.Failed OPEN =
            failed(ErrorCode.REQUEST_TIMED_OUT, WriteStatus.MAY_HAVE_BEEN_WRITTEN);

    private static ProduceOutcome.Failed failed(ErrorCode error, WriteStatus writeStatus) {
        return new ProduceOutcome.Failed(error, writeStatus, "why");
    }

    private static Failure told(ProduceOutcome... outcomes) {
        Topic topic = new KnownTopics().add("t", outcomes.length, Map.of());
        List<PartitionBatch> batches = new ArrayList<>();
        for (int p = 0; p < outcomes.length; p++) {
            batches.add(
                    new PartitionBatch(topic.partition(p), ByteBuffer.allocate(0), 1, List.of()));
        }
        List<ProduceAnswer> answers = new ArrayList<>();
        SplitRequest gathering = new SplitRequest(topic, batches, 0, answers::add);
        for (int p = 0; p < outcomes.length; p++) {
            assertEquals(List.of(), answers, "not before all have ended");
            gathering.share(p, seen -> {}).done(outcomes[p]);
        }
        assertEquals(1, answers.size());
        return Objects.requireNonNull(answers.getFirst().failure());
    }

    @Test
    void what_may_have_been_written_comes_before_what_was_not_whichever_ends_first() {
        for (ProduceOutcome.Failed other : List.of(RETRIABLE, FINAL)) {
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, told(OPEN, other).writeStatus());
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, told(other, OPEN).writeStatus());
            assertEquals(WriteStatus.MAY_HAVE_BEEN_WRITTEN, told(other, OPEN, other).writeStatus());
        }
    }

    @Test
    void what_no_retry_mends_comes_before_what_one_may() {
        assertEquals(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, told(RETRIABLE, FINAL, RETRIABLE).code());
        assertEquals(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, told(FINAL, RETRIABLE).code());
        assertFalse(told(FINAL, RETRIABLE).code().retriable());
    }

    @Test
    void of_two_that_promise_the_same_the_first_is_told() {
        ProduceOutcome.Failed another =
                failed(ErrorCode.NOT_LEADER_OR_FOLLOWER, WriteStatus.NOT_WRITTEN);
        assertEquals(ErrorCode.NOT_ENOUGH_REPLICAS, told(RETRIABLE, another).code());
    }
}
