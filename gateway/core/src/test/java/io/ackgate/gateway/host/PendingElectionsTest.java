package io.ackgate.gateway.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators are told who ask for a leader, in sync or not. */
class PendingElectionsTest extends ScriptedHost {
    private List<ElectionOutcome> elections() {
        return effects.stream()
                .filter(HostEffect.ElectionEnded.class::isInstance)
                .map(effect -> ((HostEffect.ElectionEnded) effect).outcome())
                .toList();
    }

    private void electUnclean() {
        step(new HostInput.ElectUnclean(1, Mandate.LONGEST));
    }

    @Test
    void a_gateway_without_a_lease_elects_nobody() {
        electUnclean();
        assertInstanceOf(ElectionOutcome.Failed.class, elections().getFirst());
        assertEquals(List.of(), inputs());
    }

    @Test
    void an_election_that_cannot_begin_has_failed() {
        mayClaim();
        electUnclean();
        assertEquals(1, inputs(PartitionInput.ElectUnclean.class).size());
        assertInstanceOf(ElectionOutcome.Failed.class, elections().getFirst());
    }

    @Test
    void an_election_ends_when_the_partition_serves_or_its_owner_resigns() {
        mayClaim();
        idle = false;
        electUnclean();
        assertEquals(List.of(), elections());
        script =
                (input, out) ->
                        out.accept(new PartitionEffect.Happened(new PartitionEvent.Serving(1, 1)));
        tickAfter(0);
        assertEquals(List.of(new ElectionOutcome.Elected(status)), elections());

        script = (input, out) -> {};
        electUnclean();
        step(new HostInput.Resign("so told"));
        assertEquals(new ElectionOutcome.Failed("so told"), elections().getLast());
        assertTrue(elections().size() == 2);
    }

    @Test
    void an_owner_that_resigns_for_an_election_does_not_end_it() {
        mayClaim();
        idle = false;
        script =
                (input, out) ->
                        out.accept(
                                new PartitionEffect.Happened(
                                        new PartitionEvent.Stopped(1, "an operator elects", 0)));
        electUnclean();
        assertEquals(List.of(), elections());
    }

    @Test
    void the_status_that_an_operator_is_told_is_of_the_end_of_the_step() {
        mayClaim();
        idle = false;
        electUnclean();
        var serving = PartitionStatus.notOwner(PartitionStatus.Phase.SERVING, UNOWNED, List.of());
        script =
                (input, out) -> {
                    out.accept(new PartitionEffect.Happened(new PartitionEvent.Serving(1, 1)));
                    status = serving;
                };
        tickAfter(0);
        assertEquals(List.of(new ElectionOutcome.Elected(serving)), elections());
    }

    @Test
    void nobody_is_elected_where_a_leader_is_reached() {
        mayClaim();
        idle = false;
        status =
                new PartitionStatus(
                        PartitionStatus.Phase.SERVING,
                        UNOWNED,
                        0,
                        0,
                        0,
                        0,
                        List.of(
                                new PartitionStatus.Replica(
                                        NODE, true, true, PartitionStatus.Stage.RECONCILED, 0, 0)),
                        List.of());
        electUnclean();
        assertEquals(List.of(new ElectionOutcome.NotNeeded(status)), elections());
        assertEquals(List.of(), inputs(PartitionInput.ElectUnclean.class));
    }
}
