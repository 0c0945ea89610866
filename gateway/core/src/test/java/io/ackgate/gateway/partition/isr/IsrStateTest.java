package io.ackgate.gateway.partition.isr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One change of the ISR at a time, and what is heeded until it is known to be made. */
class IsrStateTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final NodeId THREE = new NodeId(3);
    private static final long PAUSE = PartitionSettings.DEFAULTS.casRetryNanos();

    private final List<PartitionEffect> effects = new ArrayList<>();
    private final Context context =
            new Context(
                    new PartitionId(new TopicId(1, 2), 0),
                    new GatewaySession(1),
                    PartitionSettings.DEFAULTS,
                    SharedBudget.UNLIMITED,
                    0);

    /** Node one leads, two is in sync as well, three is not. */
    private final PartitionState published = published();

    private final IsrState isr = new IsrState(context, published, 7);

    private static PartitionState published() {
        PartitionState state =
                PartitionState.unowned(List.of(ONE, TWO, THREE))
                        .claimedBy(new GatewaySession(1), 1);
        List<ReplicaRef> replicas =
                state.replicas().stream()
                        .map(ref -> ref.withIncarnation(Incarnation.of(1, ref.node().value())))
                        .map(ref -> ref.withInSync(!ref.node().equals(THREE)))
                        .toList();
        return state.with(ONE, replicas);
    }

    private PartitionState withInSync(NodeId node, boolean inSync) {
        return published.withReplica(published.replica(node).orElseThrow().withInSync(inSync));
    }

    private void step(long now) {
        context.begin(now, effects::add);
    }

    private static List<NodeId> nodes(List<ReplicaRef> refs) {
        return refs.stream().map(ReplicaRef::node).toList();
    }

    @Test
    void who_is_removed_counts_until_it_is_known_to_be() {
        step(0);
        PartitionState shrunk = withInSync(TWO, false);
        isr.propose(shrunk, "");
        assertInstanceOf(Isr.PendingShrink.class, isr.now());
        assertTrue(isr.changing());
        assertFalse(isr.leaderChanging());
        assertEquals(List.of(ONE, TWO), nodes(isr.maximal()));
        assertEquals(2, isr.committedSize());
        assertTrue(isr.applied(1, 8));
        assertEquals(List.of(ONE), nodes(isr.maximal()));
        assertEquals(1, isr.committedSize());
        assertEquals(shrunk, isr.committed());
        assertFalse(isr.changing());
    }

    @Test
    void who_is_added_counts_from_now_on_and_not_for_min_insync_replicas() {
        step(0);
        isr.propose(withInSync(THREE, true), "");
        assertInstanceOf(Isr.PendingExpand.class, isr.now());
        assertEquals(List.of(ONE, TWO, THREE), nodes(isr.maximal()));
        assertEquals(2, isr.committedSize());
    }

    @Test
    void while_another_leader_may_be_stored_nobody_answers_alone() {
        step(0);
        isr.propose(published.with(TWO, published.replicas()), "it is down");
        assertInstanceOf(Isr.PendingLeader.class, isr.now());
        assertTrue(isr.leaderChanging());
    }

    @Test
    void a_second_change_is_not_sent_while_one_is_under_way() {
        step(0);
        isr.propose(withInSync(TWO, false), "");
        PartitionState another = withInSync(THREE, true);
        assertThrows(InvariantBrokenException.class, () -> isr.propose(another, ""));
        assertEquals(1, effects.size());
        assertEquals(List.of(ONE, TWO), nodes(isr.maximal()));
    }

    @Test
    void an_empty_isr_is_never_proposed() {
        step(0);
        PartitionState nobody =
                published.with(
                        ONE,
                        published.replicas().stream().map(ref -> ref.withInSync(false)).toList());
        assertThrows(InvariantBrokenException.class, () -> isr.propose(nobody, ""));
        assertEquals(List.of(), effects);
    }

    @Test
    void a_change_of_unknown_outcome_is_sent_again_unchanged_after_a_pause() {
        step(5);
        PartitionState shrunk = withInSync(TWO, false);
        isr.propose(shrunk, "");
        isr.tick();
        assertEquals(1, effects.size(), "nobody has said that it is unknown");
        isr.unknown(1);
        step(5 + PAUSE - 1);
        isr.tick();
        assertEquals(1, effects.size());
        step(5 + PAUSE);
        isr.tick();
        isr.tick();
        assertEquals(
                List.of(
                        new PartitionEffect.CompareAndSet(1, 7, shrunk),
                        new PartitionEffect.CompareAndSet(2, 7, shrunk)),
                effects);
        // What ends the first attempt ends nothing any more.
        assertFalse(isr.applied(1, 8));
        isr.unknown(1);
        step(5 + 9 * PAUSE);
        isr.tick();
        assertEquals(2, effects.size());
        assertTrue(isr.applied(2, 8));
    }

    @Test
    void a_refusal_counts_when_it_answers_the_last_attempt_with_something_newer() {
        step(0);
        PartitionState shrunk = withInSync(TWO, false);
        assertFalse(isr.refused(new CasRefused(1, 9, shrunk)));
        isr.propose(withInSync(THREE, true), "");
        assertFalse(isr.refused(new CasRefused(2, 9, shrunk)));
        assertFalse(isr.refused(new CasRefused(1, 7, shrunk)));
        assertTrue(isr.changing(), "the version that it expects proves nothing");
        assertTrue(isr.refused(new CasRefused(1, 9, shrunk)));
        assertEquals(shrunk, isr.committed());
        assertEquals(1, isr.committedSize());
        assertFalse(isr.changing());
    }

    @Test
    void a_later_state_that_was_seen_ends_what_is_under_way() {
        step(0);
        isr.propose(withInSync(THREE, true), "");
        assertFalse(isr.seen(7, published));
        assertTrue(isr.seen(8, withInSync(THREE, true)));
        assertEquals(3, isr.committedSize());
        isr.propose(published, "");
        assertEquals(new PartitionEffect.CompareAndSet(2, 8, published), effects.getLast());
    }
}
