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
    private static final NodeId REPLICA = new NodeId(3);
    private static final int READ = CatchUpWindow.LEAST_BYTES;

    private final ReadTurns turns = new ReadTurns(new ReadBudget(100, 50, 180));
    private final List<PartitionEffect.Read> sent = new ArrayList<>();
    private long now = 1_000;

    private static PartitionEffect.Read read(
            NodeId node, long stream, int partition, int maxBytes, boolean catchUp) {
        PartitionId id = new PartitionId(new TopicId(1, 2), partition);
        return new PartitionEffect.Read(
                node,
                stream,
                new StorageRequest.Read(id, 1, 1, 0, maxBytes, 1),
                catchUp ? REPLICA : null,
                0);
    }

    private void ask(NodeId node, int partition, int maxBytes, boolean catchUp) {
        turns.ask(read(node, 1, partition, maxBytes, catchUp), now, sent::add);
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
                now,
                sent::add);
    }

    /** The replica of a read has what it brought. */
    private void end(PartitionEffect.Read read) {
        turns.ended(REPLICA, read.request().partition(), 1, now, sent::add);
    }

    @Test
    void a_thousand_partitions_catch_up_onto_one_replica_one_after_the_other() {
        for (int partition = 0; partition < 1_000; partition++) {
            ask(partition % 2 == 0 ? ONE : TWO, partition, 50, true);
        }
        for (int done = 0; done < 1_000; done++) {
            assertEquals(done + 1, sent.size());
            assertEquals(done, sent.get(done).request().partition().partition());
            end(sent.get(done));
        }
        assertEquals(0, turns.bytes());
    }

    @Test
    void what_the_leader_has_answered_is_under_way_until_the_replica_holds_it() {
        ask(ONE, 1, 50, true);
        ask(ONE, 2, 50, true);
        answer(sent.getFirst());
        turns.closed(ONE, 1, now, sent::add);
        assertEquals(1, sent.size());
        end(sent.getFirst());
        assertEquals(2, sent.size());
    }

    @Test
    void a_turn_that_ends_before_it_has_begun_is_never_sent() {
        ask(ONE, 1, 50, true);
        ask(ONE, 2, 50, true);
        turns.ended(REPLICA, read(ONE, 1, 2, 50, true).request().partition(), 1, now, sent::add);
        end(sent.getFirst());
        assertEquals(1, sent.size());
        assertEquals(0, turns.bytes());
    }

    @Test
    void a_partition_that_is_no_more_holds_nobody_up() {
        ask(ONE, 1, 50, true);
        ask(ONE, 2, 50, true);
        turns.forget(sent.getFirst().request().partition(), now, sent::add);
        assertEquals(2, sent.size());
        assertEquals(50, turns.bytes());
    }

    /** Turns of one read, each of which takes so long, one after the other. */
    private long windowAfter(ReadTurns wide, int count, long millis) {
        for (int turn = 0; turn < count; turn++) {
            PartitionEffect.Read read = read(ONE, 1, 0, READ, true);
            wide.ask(read, now, _ -> {});
            now += millis * 1_000_000;
            wide.ended(REPLICA, read.request().partition(), 1, now, _ -> {});
        }
        List<PartitionEffect.Read> out = new ArrayList<>();
        for (int partition = 100; partition < 200; partition++) {
            wide.ask(read(ONE, 1, partition, READ, true), now, out::add);
        }
        wide.closed(ONE, 1, now, out::add);
        for (int partition = 100; partition < 200; partition++) {
            wide.forget(read(ONE, 1, partition, READ, true).request().partition(), now, _ -> {});
        }
        return out.size();
    }

    @Test
    void a_replica_is_sent_as_much_as_it_takes_without_a_queue() {
        ReadTurns wide = new ReadTurns(new ReadBudget(READ, 8 * READ, 64 * READ));
        assertEquals(1, windowAfter(wide, 0, 0), "one read at first");
        assertEquals(8, windowAfter(wide, 20, 10), "as fast as the fastest: as much as is allowed");
        assertEquals(1, windowAfter(wide, 20, 100), "long queues: one read");
        assertEquals(8, windowAfter(wide, 80, 12), "short queues: as much as is allowed");
    }

    @Test
    void a_replica_that_stays_behind_is_sent_more_with_each_minute() {
        ReadTurns wide = new ReadTurns(new ReadBudget(READ, 8 * READ, 64 * READ));
        windowAfter(wide, 1, 1);
        List<PartitionEffect.Read> out = new ArrayList<>();
        for (int partition = 0; partition < 100; partition++) {
            wide.ask(read(ONE, 1, partition, READ, true), now, out::add);
        }
        int ended = 0;
        for (int minute = 1; minute <= 5; minute++) {
            now += 61_000_000_000L;
            wide.ended(REPLICA, out.get(ended++).request().partition(), 1, now, out::add);
            assertEquals(Math.min(8, 1 << minute), out.size() - ended);
        }
    }

    /**
     * One partition reads for so many minutes, and two of three turns queue.
     *
     * @return the least that one of the last reads might bring, bytes
     */
    private int lonePartitionReads(ReadTurns wide, int minutes) {
        List<PartitionEffect.Read> out = new ArrayList<>();
        long end = now + minutes * 60_000_000_000L;
        for (int turn = 0; now < end; turn++) {
            PartitionEffect.Read read = read(ONE, 1, 0, 16 * READ, true);
            wide.ask(read, now, out::add);
            now += turn % 3 == 0 ? 10_000_000 : 300_000_000;
            wide.ended(REPLICA, read.request().partition(), 1, now, out::add);
        }
        return out.reversed().stream()
                .limit(3)
                .mapToInt(each -> each.request().maxBytes())
                .min()
                .orElseThrow();
    }

    @Test
    void a_lone_partition_that_stays_behind_is_sent_more_with_each_minute() {
        ReadTurns wide = new ReadTurns(new ReadBudget(READ, 8 * READ, 64 * READ));
        assertEquals(READ, lonePartitionReads(wide, 1), "no more than causes little of a queue");
        assertEquals(2 * READ, lonePartitionReads(wide, 1));
        assertEquals(8 * READ, lonePartitionReads(wide, 3));
        now += 6_000_000_000L;
        assertEquals(READ, lonePartitionReads(wide, 1), "it had caught up");
    }

    @Test
    void a_large_read_brings_what_there_is_room_for() {
        ReadTurns wide = new ReadTurns(new ReadBudget(READ, 8 * READ, 64 * READ));
        windowAfter(wide, 20, 10);
        List<PartitionEffect.Read> out = new ArrayList<>();
        wide.ask(read(ONE, 1, 0, 4 * READ, true), now, out::add);
        wide.ask(read(ONE, 1, 1, READ / 2, true), now, out::add);
        wide.ask(read(ONE, 1, 2, 16 * READ, true), now, out::add);
        wide.ask(read(ONE, 1, 3, 16 * READ, true), now, out::add);
        assertEquals(
                List.of(4 * READ, READ / 2, 8 * READ - 4 * READ - READ / 2),
                out.stream().map(each -> each.request().maxBytes()).toList());
        wide.ended(REPLICA, out.get(1).request().partition(), 1, now, out::add);
        assertEquals(3, out.size(), "a small one does not fit");
        wide.ended(REPLICA, out.get(0).request().partition(), 1, now, out::add);
        assertEquals(4 * READ + READ / 2, out.getLast().request().maxBytes());
        assertEquals(8L * READ, wide.bytes());
    }

    @Test
    void consumers_do_not_wait_for_those_who_catch_up_nor_they_for_consumers() {
        for (int partition = 0; partition < 10; partition++) {
            ask(ONE, partition, 50, true);
        }
        ask(ONE, 100, 50, false);
        ask(ONE, 101, 50, false);
        ask(ONE, 102, 50, false);
        assertEquals(
                List.of(0, 100, 101),
                sent.stream().map(each -> each.request().partition().partition()).toList());
        end(sent.getFirst());
        assertEquals(1, sent.getLast().request().partition().partition());
        answer(sent.get(1));
        assertEquals(102, sent.getLast().request().partition().partition());
    }

    @Test
    void all_nodes_together_are_bounded_and_each_may_read_one() {
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
    void what_one_node_has_answered_is_room_for_another() {
        oneWaitsForTheGateway();
        answer(sent.getFirst());
        assertEquals(3, sent.size());
        assertEquals(90, turns.bytes());
    }

    @Test
    void what_was_asked_on_a_stream_that_is_gone_is_room_for_another() {
        oneWaitsForTheGateway();
        turns.closed(ONE, 1, now, sent::add);
        assertEquals(3, sent.size());
        assertEquals(90, turns.bytes());
    }

    @Test
    void what_was_asked_on_a_stream_that_is_gone_takes_no_room() {
        ask(ONE, 1, 100, false);
        ask(ONE, 2, 100, false);
        turns.closed(ONE, 1, now, sent::add);
        assertEquals(0, turns.bytes());
        turns.ask(read(ONE, 2, 3, 100, false), now, sent::add);
        assertEquals(2, sent.size());
        turns.ask(read(ONE, 1, 4, 10, false), now, sent::add);
        answer(sent.getFirst());
        assertEquals(2, sent.size(), "nothing is sent on an older stream, nor does it count");
        assertEquals(100, turns.bytes());
    }
}
