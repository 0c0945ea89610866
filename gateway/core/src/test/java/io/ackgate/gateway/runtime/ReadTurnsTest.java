package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes are asked to read at a time is bounded; what does not fit waits for its turn. */
class ReadTurnsTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);

    private final ReadTurns turns = new ReadTurns(new ReadBudget(100, 50, 180));
    private final List<PartitionEffect.Read> sent = new ArrayList<>();

    private static PartitionEffect.Read read(
            NodeId node, long stream, int partition, int maxBytes, boolean catchUp) {
        PartitionId id = new PartitionId(new TopicId(1, 2), partition);
        return new PartitionEffect.Read(
                node, stream, new StorageRequest.Read(id, 1, 1, 0, maxBytes, 1), catchUp);
    }

    private void ask(NodeId node, int partition, int maxBytes, boolean catchUp) {
        turns.ask(read(node, 1, partition, maxBytes, catchUp), sent::add);
    }

    private void answer(PartitionEffect.Read read) {
        turns.answered(
                read.node(),
                read.stream(),
                new StorageAnswer.Records(
                        read.request().partition(),
                        1,
                        1,
                        StorageAnswer.ReadStatus.OK,
                        ByteBuffer.allocate(0),
                        0,
                        1),
                sent::add);
    }

    @Test
    void aThousandPartitionsCatchUpFromOneLeaderOneAfterTheOther() {
        for (int partition = 0; partition < 1_000; partition++) {
            ask(ONE, partition, 20, true);
        }
        for (int done = 0; done < 1_000; done++) {
            assertEquals(Math.min(done + 2, 1_000), sent.size());
            assertEquals(done, sent.get(done).request().partition().partition());
            answer(sent.get(done));
        }
        assertEquals(0, turns.bytes());
    }

    @Test
    void consumersDoNotWaitForThoseWhoCatchUpNorTheyForConsumers() {
        for (int partition = 0; partition < 10; partition++) {
            ask(ONE, partition, 50, true);
        }
        ask(ONE, 100, 50, false);
        ask(ONE, 101, 50, false);
        ask(ONE, 102, 50, false);
        assertEquals(
                List.of(0, 100, 101),
                sent.stream().map(each -> each.request().partition().partition()).toList());
        answer(sent.getFirst());
        assertEquals(1, sent.getLast().request().partition().partition());
    }

    @Test
    void allNodesTogetherAreBoundedAndEachMayReadOne() {
        ask(ONE, 1, 100, false);
        ask(ONE, 2, 50, true);
        ask(TWO, 3, 100, false);
        ask(TWO, 4, 50, false);
        assertEquals(3, sent.size(), "250 of 180 bytes, since one read always goes out");
        answer(sent.get(0));
        assertEquals(3, sent.size());
        answer(sent.get(2));
        assertEquals(4, sent.size());
    }

    /** One reads 100 bytes and another 40; 50 more fit the other's bound, and not the gateway's. */
    private void oneWaitsForTheGateway() {
        ask(ONE, 1, 100, false);
        ask(TWO, 2, 40, false);
        ask(TWO, 3, 50, false);
        assertEquals(2, sent.size());
    }

    @Test
    void whatOneNodeHasAnsweredIsRoomForAnother() {
        oneWaitsForTheGateway();
        answer(sent.getFirst());
        assertEquals(3, sent.size());
        assertEquals(90, turns.bytes());
    }

    @Test
    void whatWasAskedOnAStreamThatIsGoneIsRoomForAnother() {
        oneWaitsForTheGateway();
        turns.closed(ONE, 1, sent::add);
        assertEquals(3, sent.size());
        assertEquals(90, turns.bytes());
    }

    @Test
    void whatWasAskedOnAStreamThatIsGoneTakesNoRoom() {
        ask(ONE, 1, 100, false);
        ask(ONE, 2, 100, false);
        turns.closed(ONE, 1, sent::add);
        assertEquals(0, turns.bytes());
        turns.ask(read(ONE, 2, 3, 100, false), sent::add);
        assertEquals(2, sent.size());
        turns.ask(read(ONE, 1, 4, 10, false), sent::add);
        answer(sent.getFirst());
        assertEquals(2, sent.size(), "nothing is sent on an older stream, nor does it count");
        assertEquals(100, turns.bytes());
    }
}
