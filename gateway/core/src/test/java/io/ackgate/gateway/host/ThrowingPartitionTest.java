package io.ackgate.gateway.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A partition that throws when it is asked is stopped like one that throws when it is stepped. */
class ThrowingPartitionTest extends ScriptedHost {
    private static final PartitionStatus STOPPED =
            PartitionStatus.notOwner(PartitionStatus.Phase.IDLE, UNOWNED, List.of());

    private void requireStopped() {
        assertEquals(1, inputs(PartitionInput.Resign.class).size());
        assertEquals(1, effects.stream().filter(HostEffect.Abandon.class::isInstance).count());
        assertInstanceOf(HostEffect.Broke.class, effects.getFirst());
        assertInstanceOf(PartitionEvent.InvariantBroken.class, events.getLast());
        assertNotNull(host.admit(now, taker));
        assertEquals(0, host.bufferedBytes());
        assertTrue(host.isIdle());
    }

    @Test
    void one_that_cannot_say_how_it_stands_is_stopped_and_the_stored_state_is_told() {
        serves();
        buggy = "status";
        assertEquals(STOPPED, host.status(now, taker));
        requireStopped();
        assertEquals(STOPPED, host.status(now, taker));
        requireStopped();
    }

    @Test
    void so_is_one_that_cannot_tell_of_its_producers() {
        serves();
        buggy = "producers";
        assertEquals(List.of(), host.producers(now, taker));
        requireStopped();
        assertEquals(List.of(), host.producers(now, taker));
        requireStopped();
    }

    @Test
    void so_is_one_that_cannot_say_what_it_holds() {
        serves();
        buggy = "bufferedBytes";
        step(new HostInput.Tick());
        requireStopped();
    }

    @Test
    void an_election_that_has_brought_forth_one_which_cannot_say_so_has_failed() {
        mayClaim();
        script =
                (input, out) -> {
                    if (input instanceof PartitionInput.ElectUnclean) {
                        idle = false;
                    }
                };
        step(new HostInput.ElectUnclean(3, Mandate.LONGEST));
        script =
                (input, out) -> {
                    if (input instanceof PartitionInput.Tick) {
                        out.accept(new PartitionEffect.Happened(new PartitionEvent.Serving(1, 0)));
                    }
                };
        buggy = "status";
        step(new HostInput.Tick());
        requireStopped();
        assertInstanceOf(
                ElectionOutcome.Failed.class,
                effects.stream()
                        .filter(HostEffect.ElectionEnded.class::isInstance)
                        .map(HostEffect.ElectionEnded.class::cast)
                        .findFirst()
                        .orElseThrow()
                        .outcome());
    }
}
