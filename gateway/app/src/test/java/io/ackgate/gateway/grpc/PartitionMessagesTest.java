package io.ackgate.gateway.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.v1.PartitionDescription;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A partition in an answer to DescribeTopic: what is not known is unset. */
class PartitionMessagesTest {
    private static PartitionStatus serving(long committedUpTo, long highWatermark, long logEnd) {
        PartitionState state = PartitionState.unowned(List.of(new NodeId(1)));
        return new PartitionStatus(
                PartitionStatus.Phase.SERVING,
                state,
                committedUpTo,
                highWatermark,
                logEnd,
                0,
                List.of(),
                List.of());
    }

    @Test
    void a_high_watermark_that_a_new_owner_does_not_know_is_unset() {
        PartitionDescription description = PartitionMessages.description(0, serving(5, -1, -1));
        assertTrue(description.getOnline());
        assertFalse(description.hasHighWatermark());
        assertFalse(description.hasLogEndOffset());
    }

    @Test
    void what_is_known_is_given() {
        PartitionDescription description = PartitionMessages.description(0, serving(7, 7, 9));
        assertEquals(7, description.getHighWatermark());
        assertEquals(9, description.getLogEndOffset());
    }
}
