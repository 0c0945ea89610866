package io.ackgate.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A partition in JSON: what is not known is left out. */
class PartitionViewTest {
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

    private static JsonNode json(PartitionStatus status) {
        return new ObjectMapper().valueToTree(PartitionView.of(0, status));
    }

    @Test
    void a_high_watermark_that_a_new_owner_does_not_know_is_left_out() {
        JsonNode view = json(serving(5, -1, -1));
        assertEquals("SERVING", view.path("phase").asText());
        assertFalse(view.has("highWatermark"));
        assertFalse(view.has("logEndOffset"));
    }

    @Test
    void what_is_known_is_given() {
        JsonNode view = json(serving(7, 7, 9));
        assertEquals(7, view.path("highWatermark").asLong());
        assertEquals(9, view.path("logEndOffset").asLong());
    }
}
