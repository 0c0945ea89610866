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
    void aGatewayWithoutALeaseElectsNobody() {
        electUnclean();
        assertInstanceOf(ElectionOutcome.Failed.class, elections().getFirst());
        assertEquals(List.of(), inputs());
    }

    @Test
    void anElectionThatCannotBeginHasFailed() {
        mayClaim();
        electUnclean();
        assertEquals(1, inputs(PartitionInput.ElectUnclean.class).size());
        assertInstanceOf(ElectionOutcome.Failed.class, elections().getFirst());
    }

    @Test
    void anElectionEndsWhenThePartitionServesOrItsOwnerResigns() {
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
    void nobodyIsElectedWhereALeaderIsReached() {
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
                        List.of(new PartitionStatus.Replica(NODE, true, true, "JOINED", 0, 0)),
                        List.of());
        electUnclean();
        assertEquals(List.of(new ElectionOutcome.NotNeeded(status)), elections());
        assertEquals(List.of(), inputs(PartitionInput.ElectUnclean.class));
    }
}
