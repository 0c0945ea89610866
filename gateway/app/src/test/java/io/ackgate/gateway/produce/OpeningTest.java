package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.topic.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What waits to be opened is bounded, and everyone who waits is told what became of it. */
class OpeningTest {
    private final KnownTopics topics = new KnownTopics();
    private final Topic topic = topics.add("events", 6, Map.of());
    private final Topic other = topics.add("others", 6, Map.of());
    private final LaterThreads threads = new LaterThreads();
    private final Opening opening = new Opening(threads, new WaitingRequests(1, () -> 0));
    private final List<IntakeVerdict> told = new ArrayList<>();

    private IntakeVerdict.Taken taken(long bytes) {
        return taken(topic, bytes);
    }

    private static IntakeVerdict.Taken taken(Topic topic, long bytes) {
        PartitionBatch batch =
                new PartitionBatch(
                        topic.partition(1), ByteBuffer.allocate((int) bytes), 1, List.of());
        return new IntakeVerdict.Taken(topic, List.of(batch), Acks.ALL, 1_000);
    }

    private void run(IntakeVerdict.Taken taken, Supplier<IntakeVerdict> work) {
        opening.run(taken, work, told::add);
    }

    private void assertRefused(ErrorCode code, IntakeVerdict verdict) {
        IntakeVerdict.Refused refused = assertInstanceOf(IntakeVerdict.Refused.class, verdict);
        Failure failure = refused.failure();
        assertEquals(code, failure.code(), failure.detail());
        assertEquals(WriteStatus.NOT_WRITTEN, failure.writeStatus());
        assertEquals(List.of(topic.partition(1)), refused.partitions());
    }

    private static IntakeVerdict mustNotRun() {
        throw new AssertionError("it was refused");
    }

    @Test
    void what_has_no_room_is_not_run_and_room_comes_back() {
        IntakeVerdict.Taken most = taken(other, OpeningQueue.MAX_BYTES - 10);
        IntakeVerdict.Taken rest = taken(10);
        run(most, () -> most);
        run(rest, () -> rest);
        assertEquals(List.of(), told);
        run(taken(1), OpeningTest::mustNotRun);
        assertRefused(ErrorCode.THROTTLING_QUOTA_EXCEEDED, told.removeFirst());
        assertEquals(OpeningQueue.MAX_BYTES, opening.bytes());
        threads.runAll();
        assertEquals(List.of(most, rest), told);
        assertEquals(0, opening.bytes());
        run(rest, () -> rest);
        threads.runAll();
        assertSame(rest, told.get(2));
    }

    @Test
    void one_topic_does_not_take_all_room() {
        IntakeVerdict.Taken half = taken(OpeningQueue.MAX_BYTES / 2);
        run(half, () -> half);
        run(taken(1), OpeningTest::mustNotRun);
        assertRefused(ErrorCode.THROTTLING_QUOTA_EXCEEDED, told.removeFirst());
        IntakeVerdict.Taken others = taken(other, OpeningQueue.MAX_BYTES / 2);
        run(others, () -> others);
        threads.runAll();
        assertEquals(List.of(half, others), told);
        IntakeVerdict.Taken large = taken(OpeningQueue.MAX_BYTES / 2 + 1);
        run(large, () -> large);
        threads.runAll();
        assertSame(large, told.get(2));
        assertEquals(0, opening.bytes());
    }

    @Test
    void topics_that_are_flooded_leave_room_for_another() {
        IntakeVerdict.Taken mebibyte = taken(topic, 1 << 20);
        IntakeVerdict.Taken others = taken(other, 1 << 20);
        for (int opened = 0; opened < 200; opened++) {
            // As much as there is room for, of both, before and after each that is opened.
            for (int i = 0; i < 70; i++) {
                run(mebibyte, () -> mebibyte);
                run(others, () -> others);
            }
            told.clear();
            IntakeVerdict.Taken third = taken(third(), 1 << 20);
            run(third, () -> third);
            assertEquals(List.of(), told, "it is refused after " + opened);
            for (int i = 0; i < 3; i++) {
                threads.runNext();
            }
            assertTrue(told.contains(third), "its turn has come");
        }
        threads.runAll();
        assertEquals(0, opening.bytes());
    }

    private Topic third() {
        Topic known = topics.cached("thirds");
        return known == null ? topics.add("thirds", 6, Map.of()) : known;
    }

    @Test
    void what_is_dropped_is_not_run_and_gives_its_room_back() {
        IntakeVerdict.Taken first = taken(1);
        IntakeVerdict.Taken second = taken(2);
        Cancellable opened = opening.run(first, () -> first, told::add);
        assertTrue(threads.runNext());
        Cancellable dropped = opening.run(taken(4), OpeningTest::mustNotRun, told::add);
        opening.run(second, () -> second, told::add);
        dropped.cancel();
        dropped.cancel();
        opened.cancel();
        assertEquals(2, opening.bytes());
        threads.runAll();
        assertEquals(List.of(first, second), told);
        assertEquals(0, opening.bytes());
    }

    @Test
    void topics_take_turns_and_the_requests_of_one_keep_their_order() {
        List<IntakeVerdict.Taken> flood = List.of(taken(1), taken(2), taken(3), taken(4));
        List<IntakeVerdict.Taken> few = List.of(taken(other, 5), taken(other, 6));
        flood.forEach(each -> run(each, () -> each));
        assertTrue(threads.runNext());
        few.forEach(each -> run(each, () -> each));
        threads.runAll();
        assertEquals(
                List.of(
                        flood.get(0),
                        flood.get(1),
                        few.get(0),
                        flood.get(2),
                        few.get(1),
                        flood.get(3)),
                told);
    }

    @Test
    void whatever_the_work_throws_it_is_refused_and_gives_its_room_back() {
        List<Throwable> thrown =
                List.of(
                        new IllegalStateException("a bug"),
                        new NoClassDefFoundError("a codec"),
                        new StackOverflowError(),
                        new InternalError("a fault in an unsafe memory access"));
        for (Throwable what : thrown) {
            run(
                    taken(10),
                    () -> {
                        switch (what) {
                            case RuntimeException bug -> throw bug;
                            case Error error -> throw error;
                            default -> throw new AssertionError(what);
                        }
                    });
        }
        threads.runAll();
        assertEquals(thrown.size(), told.size());
        told.forEach(verdict -> assertRefused(ErrorCode.UNKNOWN_SERVER_ERROR, verdict));
        assertEquals(0, opening.bytes());
    }

    @Test
    void what_comes_when_it_has_ended_is_refused_and_leaves_nothing_behind() {
        IntakeVerdict.Taken before = taken(5);
        run(before, () -> before);
        opening.end();
        run(taken(10), OpeningTest::mustNotRun);
        assertRefused(ErrorCode.NOT_LEADER_OR_FOLLOWER, told.removeFirst());
        assertEquals(5, opening.bytes());
        threads.runAll();
        assertEquals(List.of(before), told);
        assertEquals(0, opening.bytes());
        assertTrue(threads.isTerminated());
    }
}
