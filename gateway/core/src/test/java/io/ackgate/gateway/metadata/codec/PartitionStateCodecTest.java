package io.ackgate.gateway.metadata.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionStateCodecTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);

    @Test
    void a_state_that_nobody_has_owned_is_read_as_it_was_written() {
        assertRoundTrip(PartitionState.unowned(List.of(TWO, ONE)));
    }

    @Test
    void every_field_is_read_as_it_was_written() {
        PartitionState published =
                new PartitionState(
                        new GatewaySession(-7_000_000_000L),
                        Integer.MAX_VALUE,
                        true,
                        Optional.of(TWO),
                        List.of(
                                new ReplicaRef(TWO, Incarnation.of(70_000, 3), true),
                                new ReplicaRef(ONE, Incarnation.of(1, 1), false),
                                new ReplicaRef(new NodeId(300), Incarnation.NONE, false)),
                        2,
                        70_000,
                        60_000);
        assertRoundTrip(published);
        assertRoundTrip(published.claimedBy(new GatewaySession(1), 9));
        assertRoundTrip(published.with(ONE, published.replicas()));
        assertRoundTrip(published.withUncleanLeader(ONE, Incarnation.of(7, 1), false));
        assertRoundTrip(published.withUncleanLeader(ONE, Incarnation.of(7, 1), true));
    }

    private static void assertRoundTrip(PartitionState state) {
        assertEquals(state, PartitionStateCodec.decode(PartitionStateCodec.encode(state)));
    }

    @Test
    void bytes_that_are_no_state_are_refused() {
        byte[] whole = PartitionStateCodec.encode(PartitionState.unowned(List.of(ONE, TWO)));
        assertThrows(
                UnreadableMetadataException.class,
                () -> PartitionStateCodec.decode(Arrays.copyOf(whole, whole.length - 1)));
    }

    @Test
    void a_replica_in_sync_without_an_incarnation_is_refused() {
        byte[] impossible =
                io.ackgate.metadata.v1.PartitionState.newBuilder()
                        .addReplicas(
                                io.ackgate.metadata.v1.Replica.newBuilder()
                                        .setNodeId(1)
                                        .setInSync(true))
                        .build()
                        .toByteArray();
        assertThrows(
                UnreadableMetadataException.class, () -> PartitionStateCodec.decode(impossible));
    }

    @Test
    void a_nodes_registration_is_read_as_it_was_written() {
        NodeRegistration registration =
                new NodeRegistration(
                        TWO, "3e2a3c1e-0000-4000-8000-000000000001", 1_700_000_000_000L);
        assertEquals(
                registration,
                NodeRegistrationCodec.decode(NodeRegistrationCodec.encode(registration)));
    }
}
