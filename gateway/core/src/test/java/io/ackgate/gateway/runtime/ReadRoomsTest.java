package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.runtime.ReadMemory.Reader;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Room for answers is given back whatever becomes of the reads. */
class ReadRoomsTest {
    private static final NodeId NODE = new NodeId(1);
    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 0);

    private final ReadMemory memory = new ReadMemory(1_000, () -> 0);
    private final ReadRooms rooms = new ReadRooms(memory, Runnable::run);
    private final List<Long> asked = new ArrayList<>();
    private final long now = 7;

    private Request.Read request() {
        return request(0);
    }

    private Request.Read request(long deadline) {
        return new Request.Read(
                PARTITION,
                deadline,
                token -> new PartitionInput.Fetch(token, 0, 1, 1, 0),
                memory.reader(() -> {}),
                300,
                outcome -> {});
    }

    private static PartitionEffect.Read read(long stream, long requestId) {
        return new PartitionEffect.Read(
                NODE, stream, new StorageRequest.Read(PARTITION, 1, requestId, 0, 100, 1), null, 1);
    }

    @Test
    void what_a_stream_that_is_gone_will_not_answer_is_held_no_more() {
        Request.Read lost = request();
        Request.Read askedAgain = request();
        begin(7, 1, lost);
        begin(7, 2, askedAgain);
        begin(8, 3, askedAgain);
        assertEquals(List.of(1L, 2L, 3L), asked);
        assertEquals(600, memory.bytes(), "a batch of 300 bytes is given whole");
        rooms.closed(NODE, 7);
        assertEquals(300, memory.bytes());
        rooms.closed(NODE, 8);
        assertEquals(0, memory.bytes());
    }

    @Test
    void room_is_waited_for_as_long_as_for_records_within_bounds() {
        Reader slow = memory.reader(() -> {});
        slow.hold(1_000);
        assertEquals(Long.MAX_VALUE, rooms.nextDue());
        begin(7, 1, request(now + ReadRooms.MAX_WAIT_NANOS * 10));
        assertEquals(now + ReadRooms.MAX_WAIT_NANOS, rooms.nextDue());
        begin(7, 2, request(now + 5 * ReadRooms.PATIENCE_NANOS));
        assertEquals(now + 5 * ReadRooms.PATIENCE_NANOS, rooms.nextDue());
        Request.Read gone = request(now);
        begin(7, 3, gone);
        assertEquals(now + ReadRooms.PATIENCE_NANOS, rooms.nextDue());
        gone.endRead(0);
        assertEquals(now + 5 * ReadRooms.PATIENCE_NANOS, rooms.nextDue());
        slow.close();
        assertEquals(List.of(1L, 2L), asked);
        assertEquals(Long.MAX_VALUE, rooms.nextDue(), "who has room waits for the node");
    }

    private void begin(long stream, long requestId, Request.@Nullable Read request) {
        rooms.begin(read(stream, requestId), request, now, () -> asked.add(requestId));
    }

    @Test
    void a_node_is_asked_when_there_is_room_and_somebody_waits_still() {
        Reader slow = memory.reader(() -> {});
        slow.hold(1_000);
        Request.Read gone = request();
        begin(7, 1, gone);
        begin(7, 2, request());
        begin(7, 3, null);
        assertEquals(List.of(3L), asked, "a replica's read waits for no consumer");
        gone.endRead(0);
        assertEquals(1, memory.waitingReads());
        slow.close();
        assertEquals(List.of(3L, 2L), asked);
        assertEquals(300, memory.bytes());
    }
}
