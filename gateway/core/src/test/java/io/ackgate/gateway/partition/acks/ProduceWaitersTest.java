package io.ackgate.gateway.partition.acks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.gateway.partition.acks.ProduceWaiters.Waiter;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which callers are told, and when. A waiter's token is its number here. */
class ProduceWaitersTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);

    /** In the order in which they were told, as "token step" or "token outcome". */
    private final List<String> told = new ArrayList<>();

    private final Context context =
            new Context(
                    new PartitionId(new TopicId(1, 2), 0),
                    new GatewaySession(1),
                    PartitionSettings.DEFAULTS,
                    SharedBudget.UNLIMITED,
                    0);
    private final ProduceWaiters waiters = new ProduceWaiters(context);

    @BeforeEach
    void begin() {
        at(0);
    }

    private void at(long now) {
        context.begin(now, this::effect);
    }

    private void effect(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Progress(long token, var step) ->
                    told.add(token + " " + step.getClass().getSimpleName());
            case PartitionEffect.Complete(long token, ProduceOutcome.Failed failed) ->
                    told.add(token + " " + failed.error());
            case PartitionEffect.Complete(long token, var outcome) -> told.add(token + " written");
            default -> throw new AssertionError("unexpected: " + effect);
        }
    }

    private static ProduceOutcome written(Waiter waiter) {
        return new ProduceOutcome.Written(waiter.baseOffset(), 1, List.of(), 1, false);
    }

    private void waits(long token, Acks acks, long end, long deadline) {
        waiters.add(new Waiter(token, acks, deadline, end - 1, end, false), false);
    }

    private void joins(long token, Acks acks, long end, long deadline) {
        waiters.add(new Waiter(token, acks, deadline, end - 1, end, true), false);
    }

    private void isTold(String... what) {
        assertEquals(List.of(what), told);
        told.clear();
    }

    @Test
    void each_is_told_when_what_its_acks_asks_for_is_there() {
        waits(1, Acks.ALL, 5, 99);
        waits(2, Acks.LEADER, 6, 99);
        waits(3, Acks.ALL, 7, 99);
        joins(4, Acks.ALL, 5, 99);
        joins(5, Acks.LEADER, 5, 99);
        waiters.persistedByLeader(5, ProduceWaitersTest::written);
        isTold("5 written");
        waiters.committed(4, ProduceWaitersTest::written);
        isTold();
        waiters.committed(5, ProduceWaitersTest::written);
        isTold("1 written", "4 written");
        waiters.persistedByLeader(7, ProduceWaitersTest::written);
        isTold("2 written");
        assertEquals(1, waiters.size());
    }

    @Test
    void each_step_of_a_tracked_one_is_told_once() {
        waiters.add(new Waiter(1, Acks.LEADER, 99, 4, 5, false), true);
        waiters.persisted(ONE, false, 4);
        isTold();
        waiters.persisted(ONE, false, 5);
        waiters.persisted(ONE, false, 6);
        waiters.persisted(TWO, false, 6);
        isTold("1 Persisted", "1 Persisted");
        waiters.committed(4, ProduceWaitersTest::written);
        isTold();
        // A change of the leader is pending: its own wait goes on.
        waiters.committed(5, ProduceWaitersTest::written);
        waiters.committed(6, ProduceWaitersTest::written);
        isTold("1 Committed");
        waiters.persisted(new NodeId(3), false, 6);
        isTold();
        waiters.persistedByLeader(5, ProduceWaitersTest::written);
        isTold("1 written");
    }

    @Test
    void who_has_been_answered_is_told_of_no_more_steps() {
        waiters.add(new Waiter(1, Acks.LEADER, 99, 4, 5, false), true);
        waiters.add(new Waiter(2, Acks.ALL, 99, 5, 6, false), true);
        waiters.persistedByLeader(6, ProduceWaitersTest::written);
        isTold("1 written");
        waiters.persisted(ONE, true, 6);
        isTold("2 Persisted");
    }

    @Test
    void the_first_deadline_is_the_one_that_is_due_next() {
        assertEquals(Long.MAX_VALUE, waiters.nextDeadline());
        waits(1, Acks.ALL, 5, 80);
        waits(2, Acks.ALL, 6, 50);
        waits(3, Acks.LEADER, 7, 70);
        assertEquals(50, waiters.nextDeadline());
        at(49);
        waiters.expire("late");
        isTold();
        at(50);
        waiters.expire("late");
        isTold("2 " + ErrorCode.REQUEST_TIMED_OUT);
        assertEquals(70, waiters.nextDeadline());
        joins(4, Acks.LEADER, 5, 60);
        assertEquals(60, waiters.nextDeadline());
        at(75);
        waiters.expire("late");
        isTold("3 REQUEST_TIMED_OUT", "4 REQUEST_TIMED_OUT");
        assertEquals(80, waiters.nextDeadline());
        at(80);
        waiters.expire("late");
        assertEquals(Long.MAX_VALUE, waiters.nextDeadline());
    }

    @Test
    void deadlines_are_compared_across_the_wrap_of_the_clock() {
        at(Long.MAX_VALUE - 5);
        waits(1, Acks.ALL, 5, Long.MIN_VALUE + 5);
        waits(2, Acks.ALL, 6, Long.MAX_VALUE - 1);
        assertEquals(Long.MAX_VALUE - 1, waiters.nextDeadline());
        at(Long.MIN_VALUE);
        waiters.expire("late");
        isTold("2 REQUEST_TIMED_OUT");
    }

    @Test
    void who_has_gone_is_told_nothing_and_takes_no_place() {
        assertFalse(waiters.cancel(1), "nobody waits");
        waits(1, Acks.ALL, 5, 50);
        assertTrue(waiters.cancel(1));
        assertEquals(0, waiters.size());
        assertEquals(Long.MAX_VALUE, waiters.nextDeadline());
        for (int token = 1; token <= 5; token++) {
            waits(token, Acks.ALL, token, 50);
        }
        assertTrue(waiters.cancel(2));
        assertTrue(waiters.cancel(4));
        assertEquals(3, waiters.size());
        waiters.committed(5, ProduceWaitersTest::written);
        isTold("1 written", "3 written", "5 written");
        assertEquals(0, waiters.size());
    }

    @Test
    void who_has_gone_is_told_of_no_steps_either() {
        waiters.add(new Waiter(1, Acks.ALL, 99, 4, 5, false), true);
        waiters.add(new Waiter(2, Acks.ALL, 99, 4, 5, false), true);
        waiters.add(new Waiter(3, Acks.ALL, 99, 4, 5, false), true);
        waiters.cancel(1);
        waiters.persisted(ONE, true, 5);
        isTold("2 Persisted", "3 Persisted");
    }

    @Test
    void a_shrunk_isr_ends_the_waits_for_all_and_no_other() {
        waits(1, Acks.ALL, 5, 99);
        waits(2, Acks.LEADER, 6, 99);
        joins(3, Acks.ALL, 5, 99);
        joins(4, Acks.LEADER, 5, 99);
        waiters.notEnoughReplicas("few");
        isTold("1 NOT_ENOUGH_REPLICAS_AFTER_APPEND", "3 NOT_ENOUGH_REPLICAS_AFTER_APPEND");
        waiters.stop("test");
        isTold("2 NOT_LEADER_OR_FOLLOWER", "4 NOT_LEADER_OR_FOLLOWER");
        assertEquals(0, waiters.size());
    }
}
