package io.ackgate.gateway.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionEvent.Cause;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who claims a partition, and when: three gateways in the order of the partition's choice. */
class CandidacyTest {
    private static final long SECOND = 1_000_000_000;
    private static final PartitionId ID = new PartitionId(new TopicId(1, 2), 0);
    private static final PartitionSettings SETTINGS =
            PartitionSettings.DEFAULTS.withMinInsyncReplicas(2);
    private static final long TIMEOUT = SETTINGS.takeoverTimeoutNanos();
    private static final List<NodeId> NODES =
            IntStream.rangeClosed(1, 3).mapToObj(NodeId::new).toList();
    private static final List<GatewaySession> ORDER =
            Rendezvous.order(
                    ID,
                    List.of(
                            new GatewaySession(11),
                            new GatewaySession(12),
                            new GatewaySession(13)));
    private static final GatewaySession FIRST = ORDER.get(0);
    private static final GatewaySession SECOND_ONE = ORDER.get(1);
    private static final GatewaySession THIRD = ORDER.get(2);
    private static final GatewaySession DEAD = new GatewaySession(99);

    private long now = 5 * SECOND;

    /** A gateway that reaches all nodes and knows of three live gateways. */
    private Candidacy candidate(GatewaySession me) {
        Candidacy candidacy = unreached(me);
        NODES.forEach(node -> candidacy.opened(node, now));
        return candidacy;
    }

    private Candidacy unreached(GatewaySession me) {
        Candidacy candidacy = new Candidacy(ID, me, SETTINGS, SECOND / 20, 5 * SECOND, now);
        candidacy.live(ORDER, now);
        return candidacy;
    }

    private static PartitionState published(GatewaySession owner, int epoch) {
        PartitionState claimed = claimed(owner, epoch);
        return claimed.with(NODES.getFirst(), claimed.replicas());
    }

    private static PartitionState claimed(GatewaySession owner, int epoch) {
        PartitionState state = PartitionState.unowned(NODES).claimedBy(owner, epoch);
        for (NodeId node : NODES) {
            state =
                    state.withReplica(
                            state.replica(node)
                                    .orElseThrow()
                                    .withIncarnation(Incarnation.of(1, node.value()))
                                    .withInSync(true));
        }
        return state;
    }

    private void claims(Candidacy candidacy) {
        assertInstanceOf(ClaimVerdict.Claim.class, candidacy.judge(now));
    }

    private void isNotOurs(Candidacy candidacy) {
        assertInstanceOf(ClaimVerdict.NotOurs.class, candidacy.judge(now));
        assertFalse(candidacy.mayBecomeDue());
    }

    private void claimsAt(long atNanos, Candidacy candidacy) {
        now = atNanos - 1;
        assertInstanceOf(ClaimVerdict.Wait.class, candidacy.judge(now));
        now = atNanos;
        assertTrue(candidacy.isDue(now), () -> "due at " + candidacy.judge(now));
        claims(candidacy);
    }

    @Test
    void what_nobody_owns_is_the_first_gateways_and_then_one_after_the_others() {
        List<Candidacy> all = ORDER.stream().map(this::candidate).toList();
        all.forEach(each -> each.observed(published(DEAD, 7), now));
        long since = now;
        claims(all.get(0));
        claimsAt(since + TIMEOUT, all.get(1));
        claimsAt(since + 2 * TIMEOUT, all.get(2));
    }

    @Test
    void an_owner_that_dies_is_replaced_from_the_moment_on_at_which_it_is_missed() {
        Candidacy second = candidate(SECOND_ONE);
        second.observed(published(THIRD, 7), now);
        isNotOurs(second);
        now += 60 * SECOND;
        second.live(List.of(FIRST, SECOND_ONE), now);
        claimsAt(now + TIMEOUT, second);
    }

    @Test
    void a_healthy_owner_is_replaced_by_the_first_gateway_only() {
        Candidacy first = candidate(FIRST);
        first.observed(published(THIRD, 7), now);
        claims(first);
        Candidacy second = candidate(SECOND_ONE);
        second.observed(published(THIRD, 7), now);
        isNotOurs(second);
    }

    @Test
    void a_gateway_without_a_route_to_storage_leaves_a_healthy_owner_alone() {
        Candidacy first = unreached(FIRST);
        first.observed(published(THIRD, 7), now);
        isNotOurs(first);
        first.opened(NODES.get(0), now);
        now += 100 * TIMEOUT;
        isNotOurs(first);
        first.opened(NODES.get(1), now);
        claims(first);
        first.closed(NODES.get(1));
        isNotOurs(first);
    }

    @Test
    void one_member_will_do_after_a_while_where_nobody_owns_it() {
        Candidacy first = unreached(FIRST);
        first.opened(NODES.get(2), now);
        first.observed(published(DEAD, 7), now);
        claimsAt(now + SETTINGS.fenceLastResortNanos(), first);
    }

    @Test
    void without_a_route_nothing_is_claimed_and_nothing_is_due() {
        Candidacy first = unreached(FIRST);
        first.observed(published(DEAD, 7), now);
        now += SETTINGS.fenceLastResortNanos();
        assertInstanceOf(ClaimVerdict.Unreachable.class, first.judge(now));
        assertFalse(first.mayBecomeDue());
        first.opened(NODES.get(0), now);
        assertTrue(first.isDue(now));
        claims(first);
    }

    @Test
    void a_replica_outside_the_isr_is_no_route() {
        Candidacy first = unreached(FIRST);
        PartitionState state = published(DEAD, 7);
        PartitionState shrunk =
                state.withReplica(state.replica(NODES.get(2)).orElseThrow().withInSync(false));
        first.opened(NODES.get(2), now);
        first.observed(shrunk, now);
        now += TIMEOUT;
        assertInstanceOf(ClaimVerdict.Unreachable.class, first.judge(now));
        first.observed(PartitionState.unowned(NODES), now);
        now += TIMEOUT;
        claims(first);
    }

    @Test
    void a_claim_is_its_gateways_for_one_timeout_and_then_the_next_ones() {
        List<Candidacy> all = ORDER.stream().map(this::candidate).toList();
        all.forEach(each -> each.observed(claimed(FIRST, 8), now));
        long since = now;
        claimsAt(since + TIMEOUT, all.get(1));
        claimsAt(since + 2 * TIMEOUT, all.get(2));
    }

    @Test
    void the_first_gateway_waits_for_anothers_claim_too() {
        Candidacy first = candidate(FIRST);
        Candidacy third = candidate(THIRD);
        first.observed(claimed(SECOND_ONE, 8), now);
        third.observed(claimed(SECOND_ONE, 8), now);
        long since = now;
        claimsAt(since + TIMEOUT, first);
        claimsAt(since + 2 * TIMEOUT, third);
    }

    @Test
    void a_new_claim_has_its_own_time_and_a_published_one_is_healthy() {
        Candidacy second = candidate(SECOND_ONE);
        second.observed(claimed(FIRST, 8), now);
        now += TIMEOUT / 2;
        second.observed(claimed(FIRST, 9), now);
        long since = now;
        now += TIMEOUT / 2;
        assertEquals(new ClaimVerdict.Wait(since + TIMEOUT), second.judge(now));
        second.observed(published(FIRST, 9), now);
        isNotOurs(second);
    }

    @Test
    void a_taker_that_could_not_publish_stands_back_for_others() {
        Candidacy first = candidate(FIRST);
        first.observed(claimed(FIRST, 8), now);
        first.happened(new PartitionEvent.TakeoverFailed(8, Cause.OFFLINE, "so told"), now);
        long pause = pauseOf(first);
        assertTrue(pause >= TIMEOUT, "the next one gets its turn: " + pause);
        assertTrue(pause <= 2 * TIMEOUT, "pause " + pause);
        // The other publishes, and this one, which is to own it, comes back when its time is up.
        first.observed(published(SECOND_ONE, 9), now);
        claimsAt(now + pause, first);
    }

    private long pauseOf(Candidacy candidacy) {
        return assertInstanceOf(ClaimVerdict.Wait.class, candidacy.judge(now)).untilNanos() - now;
    }

    @Test
    void alone_it_tries_again_sooner_and_less_often_with_each_failure() {
        Candidacy alone = candidate(FIRST);
        alone.live(List.of(FIRST), now);
        alone.observed(claimed(FIRST, 8), now);
        List<Long> pauses = new ArrayList<>();
        for (int failure = 0; failure < 12; failure++) {
            alone.happened(new PartitionEvent.TakeoverFailed(8, Cause.OFFLINE, "so told"), now);
            pauses.add(pauseOf(alone));
            now += pauses.getLast();
            claims(alone);
        }
        assertTrue(pauses.getFirst() <= TIMEOUT / 4, "pauses " + pauses);
        assertTrue(pauses.getLast() >= 6 * TIMEOUT, "pauses " + pauses);
        assertTrue(pauses.getLast() <= 12 * TIMEOUT, "pauses " + pauses);
    }

    @Test
    void a_stream_that_opens_ends_the_pause_of_an_offline_partition() {
        Candidacy alone = candidate(FIRST);
        alone.live(List.of(FIRST), now);
        alone.observed(claimed(FIRST, 8), now);
        for (int failure = 0; failure < 9; failure++) {
            alone.happened(new PartitionEvent.TakeoverFailed(8, Cause.OFFLINE, "so told"), now);
        }
        assertTrue(pauseOf(alone) > TIMEOUT);
        alone.closed(NODES.get(1));
        alone.opened(NODES.get(1), now);
        claims(alone);
    }

    @Test
    void passing_failures_are_tried_again_at_once_until_they_are_many() {
        Candidacy first = candidate(FIRST);
        first.observed(claimed(FIRST, 8), now);
        first.happened(new PartitionEvent.TakeoverFailed(8, "so told"), now);
        assertTrue(pauseOf(first) <= SECOND / 20);
        first.happened(new PartitionEvent.TakeoverFailed(8, "so told"), now);
        assertTrue(pauseOf(first) <= SECOND / 10);
        first.happened(new PartitionEvent.TakeoverFailed(8, "so told"), now);
        assertTrue(pauseOf(first) >= TIMEOUT, "others go first");
    }

    @Test
    void serving_for_a_while_makes_the_next_failure_the_first() {
        Candidacy first = candidate(FIRST);
        first.observed(published(FIRST, 8), now);
        first.happened(new PartitionEvent.TakeoverFailed(8, "so told"), now);
        first.happened(new PartitionEvent.TakeoverFailed(8, "so told"), now);
        first.happened(new PartitionEvent.Serving(8, 0), now);
        now += TIMEOUT;
        first.happened(new PartitionEvent.Stopped(8, "so told", 0), now);
        assertTrue(pauseOf(first) <= SECOND / 20);
    }

    @Test
    void who_was_faster_is_no_failure() {
        Candidacy first = candidate(FIRST);
        first.observed(claimed(FIRST, 8), now);
        for (int lost = 0; lost < 10; lost++) {
            first.happened(new PartitionEvent.TakeoverFailed(8, Cause.SUPERSEDED, "so told"), now);
        }
        assertTrue(pauseOf(first) <= SECOND / 20);
    }

    @Test
    void where_a_partition_broke_it_is_left_to_others_and_tried_again_later() {
        Candidacy first = candidate(FIRST);
        first.observed(published(FIRST, 8), now);
        first.happened(new PartitionEvent.InvariantBroken("so told"), now);
        first.happened(new PartitionEvent.Stopped(8, "so told", 0), now);
        assertInstanceOf(ClaimVerdict.Release.class, first.judge(now));
        first.observed(published(FIRST, 8).released(), now);
        long pause = pauseOf(first);
        assertTrue(pause >= TIMEOUT && pause <= 12 * TIMEOUT, "pause " + pause);

        Candidacy second = candidate(SECOND_ONE);
        second.observed(published(FIRST, 8).released(), now);
        claimsAt(now + TIMEOUT, second);
    }

    @Test
    void where_a_partition_broke_and_nobody_else_is_it_is_tried_again_after_a_pause() {
        Candidacy alone = candidate(FIRST);
        alone.live(List.of(FIRST), now);
        alone.observed(published(FIRST, 8), now);
        alone.happened(new PartitionEvent.InvariantBroken("so told"), now);
        long pause = pauseOf(alone);
        assertTrue(pause >= TIMEOUT / 2 && pause <= TIMEOUT, "pause " + pause);
        now += pause;
        claims(alone);
    }

    @Test
    void without_a_lease_nothing_is_claimed() {
        Candidacy first = candidate(FIRST);
        first.observed(published(DEAD, 7), now);
        first.live(Set.of(SECOND_ONE, THIRD), now);
        isNotOurs(first);
        first.live(ORDER, now);
        claims(first);
    }

    @Test
    void the_last_resort_begins_when_it_is_its_turn() {
        Candidacy second = unreached(SECOND_ONE);
        second.opened(NODES.get(2), now);
        second.observed(published(DEAD, 7), now);
        claimsAt(now + TIMEOUT + SETTINGS.fenceLastResortNanos(), second);
    }

    @Test
    void nor_does_it_begin_while_others_go_first() {
        Candidacy first = unreached(FIRST);
        first.opened(NODES.get(2), now);
        first.observed(claimed(FIRST, 8), now);
        first.happened(new PartitionEvent.TakeoverFailed(8, Cause.OFFLINE, "so told"), now);
        claimsAt(now + pauseOf(first) + SETTINGS.fenceLastResortNanos(), first);
    }

    @Test
    void it_is_served_elsewhere_while_another_live_gateway_has_published_its_epoch() {
        Candidacy second = candidate(SECOND_ONE);
        assertFalse(second.isServedElsewhere());
        second.observed(claimed(FIRST, 7), now);
        assertFalse(second.isServedElsewhere());
        second.observed(published(FIRST, 7), now);
        assertTrue(second.isServedElsewhere());
        second.observed(published(SECOND_ONE, 8), now);
        assertFalse(second.isServedElsewhere());
        second.observed(published(DEAD, 9), now);
        assertFalse(second.isServedElsewhere());
    }

    @Test
    void an_owner_that_stops_since_another_has_claimed_has_not_failed() {
        Candidacy first = candidate(FIRST);
        for (int lost = 0; lost < 10; lost++) {
            first.observed(published(FIRST, 8), now);
            first.observed(claimed(SECOND_ONE, 9), now);
            first.happened(new PartitionEvent.Stopped(8, "so told", 0), now);
        }
        first.observed(published(FIRST, 10), now);
        assertTrue(pauseOf(first) <= SECOND / 20);
        // One that stops in its own epoch has.
        for (int failed = 0; failed < 10; failed++) {
            first.happened(new PartitionEvent.Stopped(10, "so told", 0), now);
        }
        assertTrue(first.judge(now) instanceof ClaimVerdict.Release || pauseOf(first) >= TIMEOUT);
    }

    @Test
    void changed_settings_end_the_pause_of_an_offline_partition() {
        Candidacy alone = candidate(FIRST);
        alone.live(List.of(FIRST), now);
        alone.observed(claimed(FIRST, 8), now);
        for (int failure = 0; failure < 9; failure++) {
            alone.happened(new PartitionEvent.TakeoverFailed(8, Cause.OFFLINE, "so told"), now);
        }
        assertTrue(pauseOf(alone) > TIMEOUT);
        alone.configured(SETTINGS, now);
        claims(alone);
    }

    @Test
    void what_was_judged_is_due_again_after_a_pause() {
        Candidacy first = candidate(FIRST);
        first.observed(published(DEAD, 7), now);
        assertTrue(first.isDue(now));
        assertTrue(first.isLive());
        claims(first);
        assertEquals(now + SECOND / 20, first.dueAt());
        assertFalse(first.isDue(now + SECOND / 20 - 1));
        assertTrue(first.isDue(now + SECOND / 20));
        first.live(Set.of(THIRD), now);
        assertFalse(first.isLive());
    }
}
