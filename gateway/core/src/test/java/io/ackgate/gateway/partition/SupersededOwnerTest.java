package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import org.junit.jupiter.api.Test;

/** An owner sees in the metadata store who owns the partition, before any replica tells it. */
class SupersededOwnerTest {
    private static final GatewaySession OTHER = new GatewaySession(99);

    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();
    private final long waiting = owner.produce(Acks.ALL, "x");

    private void sees(PartitionState stored) {
        owner.step(new PartitionInput.StateObserved(cluster.version + 1, stored));
    }

    private void assertStopped() {
        assertEquals(PartitionStatus.Phase.IDLE, owner.partition.status().phase());
        PartitionEvent.Stopped stopped = owner.events(PartitionEvent.Stopped.class).getFirst();
        assertTrue(stopped.reason().contains("another gateway owns it"), stopped.reason());
        assertEquals(
                WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                assertInstanceOf(ProduceOutcome.Failed.class, owner.outcome(waiting))
                        .writeStatus());
    }

    @Test
    void it_stops_when_another_gateway_has_claimed_the_next_epoch() {
        sees(cluster.state.claimedBy(OTHER, 2));
        assertStopped();
    }

    @Test
    void it_stops_when_its_epoch_is_stored_as_that_of_another() {
        sees(cluster.state.claimedBy(OTHER, 1));
        assertStopped();
    }

    @Test
    void it_stops_when_a_later_epoch_is_stored_as_its_own() {
        sees(cluster.state.claimedBy(owner.session, 2));
        assertStopped();
    }

    @Test
    void it_goes_on_when_its_epoch_is_stored_as_its_own_or_an_earlier_one_is_seen() {
        sees(cluster.state);
        sees(cluster.state.claimedBy(OTHER, 0));
        assertEquals(PartitionStatus.Phase.SERVING, owner.partition.status().phase());
        assertNull(owner.outcome(waiting));
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(waiting));
    }
}
