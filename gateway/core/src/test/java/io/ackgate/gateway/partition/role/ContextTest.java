package io.ackgate.gateway.partition.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextTest {
    private static final long MILLIS = 1_000_000;
    private static final NodeId NODE = new NodeId(1);
    private static final PartitionState STATE = PartitionState.unowned(List.of(NODE));

    private final List<PartitionEffect> effects = new ArrayList<>();
    private final Context context =
            new Context(
                    new PartitionId(new TopicId(1, 2), 0),
                    new GatewaySession(1),
                    PartitionSettings.DEFAULTS,
                    SharedBudget.UNLIMITED,
                    0);
    private long now = 1_000 * MILLIS;

    private long watchedAfter(long nanos) {
        now += nanos;
        context.begin(now, effects::add);
        return context.watched;
    }

    @Test
    void requests_of_two_lives_have_no_number_in_common() {
        Context after =
                new Context(context.id, context.me, context.settings, SharedBudget.UNLIMITED, 1);
        long first = context.nextRequestId();
        assertEquals(first + 1, context.nextRequestId());
        assertTrue(after.nextRequestId() - first >= 1L << 40);
    }

    @Test
    void a_younger_stream_takes_the_place_of_an_older_one_and_no_older_one_does() {
        assertTrue(context.opened(NODE, 5));
        assertFalse(context.opened(NODE, 5));
        assertFalse(context.opened(NODE, 4));
        assertEquals(5, context.stream(NODE));
        assertTrue(context.opened(NODE, 6));
        assertEquals(6, context.stream(NODE));
    }

    @Test
    void only_the_open_stream_can_close() {
        context.opened(NODE, 6);
        assertFalse(context.closed(NODE, 5));
        assertEquals(6, context.stream(NODE));
        assertTrue(context.closed(NODE, 6));
        assertEquals(0, context.stream(NODE));
        assertFalse(context.closed(NODE, 6));
    }

    @Test
    void time_is_watched_over_while_steps_come_every_tenth_of_a_second() {
        watchedAfter(0);
        assertEquals(0, context.watched);
        assertEquals(10 * MILLIS, watchedAfter(10 * MILLIS));
        assertEquals(110 * MILLIS, watchedAfter(100 * MILLIS));
        assertEquals(110 * MILLIS, watchedAfter(100 * MILLIS + 1), "the process stood still");
        assertEquals(210 * MILLIS, watchedAfter(9_000 * MILLIS), "something was read between");
        assertEquals(310 * MILLIS, watchedAfter(101 * MILLIS));
        assertEquals(311 * MILLIS, watchedAfter(MILLIS));
        assertEquals(311 * MILLIS, watchedAfter(101 * MILLIS));
    }

    @Test
    void no_two_attempts_and_no_two_requests_have_one_number() {
        context.begin(now, effects::add);
        assertEquals(1, context.compareAndSet(7, STATE));
        assertEquals(2, context.compareAndSet(7, STATE));
        assertEquals(
                List.of(
                        new PartitionEffect.CompareAndSet(1, 7, STATE),
                        new PartitionEffect.CompareAndSet(2, 7, STATE)),
                effects);
        assertEquals(1, context.nextRequestId());
        assertEquals(2, context.nextRequestId());
    }

    @Test
    void what_the_replicas_answered_is_told_while_it_stands_and_of_a_known_state() {
        var told =
                new PartitionStatus.ReplicaAnswer(
                        STATE.replicas().getFirst(),
                        PartitionStatus.Answer.MISSING,
                        Incarnation.NONE,
                        -1,
                        -1,
                        "");
        context.survey = state -> state.equals(STATE) ? List.of(told) : List.of();
        assertEquals(List.of(), context.answers());
        context.observe(1, STATE);
        assertEquals(List.of(told), context.answers());
        context.survey = null;
        assertEquals(List.of(), context.answers());
    }

    @Test
    void no_older_state_takes_the_place_of_a_newer_one() {
        PartitionState newer = STATE.claimedBy(new GatewaySession(3), 1);
        context.observe(4, newer);
        context.observe(3, STATE);
        context.observe(4, STATE);
        assertEquals(newer, context.observed);
        assertEquals(4, context.observedVersion);
    }

    @Test
    void what_no_caller_waits_for_is_told_to_nobody() {
        context.begin(now, effects::add);
        context.complete(PartitionInput.Produce.NO_CALLER, new ProduceOutcome.Accepted());
        assertEquals(List.of(), effects);
    }
}
