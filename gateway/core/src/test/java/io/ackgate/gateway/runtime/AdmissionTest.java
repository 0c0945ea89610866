package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What a gateway takes, and what it counts of it. */
class AdmissionTest {
    private static final PartitionId ID = new PartitionId(new TopicId(1, 1), 0);

    private final Admission admission = new Admission(100, 3, node -> node.value() == 1);

    private static Request produce(int bytes) {
        return new Request.Produce(ID, ByteBuffer.allocate(bytes), Acks.ALL, 0, 0, outcome -> {});
    }

    private static Request read() {
        return new Request.Read(
                ID,
                0,
                token -> new PartitionInput.Fetch(token, 0, 1, 1, 0),
                null,
                0,
                outcome -> {});
    }

    private void assertHeld(int produces, long bytes, int requests) {
        assertEquals(produces, admission.pendingProduces());
        assertEquals(bytes, admission.bytes());
        assertEquals(requests, admission.pendingRequests());
    }

    @Test
    void as_many_bytes_as_may_are_taken_and_none_more() {
        assertNull(admission.admit(produce(60)));
        assertNull(admission.admit(produce(40)), "to the byte");
        assertHeld(2, 100, 2);
        String refused = admission.admit(produce(1));
        assertNotNull(refused);
        assertTrue(refused.startsWith("100 bytes wait at this gateway, a batch of 1 more"));
        assertHeld(2, 100, 2);
        admission.release(40, 0, 1, 0);
        assertHeld(1, 60, 1);
        assertNotNull(admission.admit(produce(41)));
        assertNull(admission.admit(produce(40)));
    }

    @Test
    void as_many_produce_requests_as_may_wait_are_taken_and_none_more() {
        for (int i = 0; i < 3; i++) {
            assertNull(admission.admit(produce(1)));
        }
        assertNotNull(admission.admit(produce(1)));
        assertHeld(3, 3, 3);
        assertNull(admission.admit(read()), "reads have places of their own");
        assertHeld(3, 3, 4);
        admission.release(0, 0, 1, 0);
        assertNull(admission.admit(produce(1)));
        assertNotNull(admission.admit(produce(1)));
    }

    @Test
    void a_read_that_waits_for_records_takes_no_place_from_others() {
        for (int i = 0; i < 3; i++) {
            assertNull(admission.admit(read()));
        }
        assertNotNull(admission.admit(read()));
        assertHeld(0, 0, 3);
        admission.waitingReads(2);
        assertTrue(admission.mayWait());
        assertNull(admission.admit(read()));
        admission.waitingReads(1);
        assertEquals(3, admission.waitingReads());
        assertFalse(admission.mayWait());
        admission.release(0, 3, 0, 3);
        assertEquals(0, admission.waitingReads());
        assertHeld(0, 0, 1);
    }
}
