package io.ackgate.gateway.metadata.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.metadata.v1.Replica;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.Optional;

/** The state of a partition as bytes. */
public final class PartitionStateCodec {
    private PartitionStateCodec() {}

    /** Bytes from which {@link #decode} makes an equal state. */
    public static byte[] encode(PartitionState state) {
        io.ackgate.metadata.v1.PartitionState.Builder message =
                io.ackgate.metadata.v1.PartitionState.newBuilder()
                        .setOwner(state.owner().value())
                        .setLeaderEpoch(state.leaderEpoch())
                        .setPublished(state.published())
                        .setLeaderNodeId(state.leader().map(NodeId::value).orElse(0))
                        .setUncleanElections(state.uncleanElections())
                        .setLastUncleanEpoch(state.lastUncleanEpoch())
                        .setLastEmptiedEpoch(state.lastEmptiedEpoch());
        for (ReplicaRef replica : state.replicas()) {
            message.addReplicas(
                    Replica.newBuilder()
                            .setNodeId(replica.node().value())
                            .setIncarnation(replica.incarnation().value())
                            .setInSync(replica.inSync()));
        }
        return message.build().toByteArray();
    }

    /**
     * Reads a state.
     *
     * @throws UnreadableMetadataException if the bytes are no state
     */
    public static PartitionState decode(byte[] bytes) {
        try {
            io.ackgate.metadata.v1.PartitionState message =
                    io.ackgate.metadata.v1.PartitionState.parseFrom(bytes);
            return new PartitionState(
                    new GatewaySession(message.getOwner()),
                    message.getLeaderEpoch(),
                    message.getPublished(),
                    message.getLeaderNodeId() == 0
                            ? Optional.empty()
                            : Optional.of(new NodeId(message.getLeaderNodeId())),
                    message.getReplicasList().stream().map(PartitionStateCodec::replica).toList(),
                    message.getUncleanElections(),
                    message.getLastUncleanEpoch(),
                    message.getLastEmptiedEpoch());
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new UnreadableMetadataException("a partition's state", unreadable);
        }
    }

    private static ReplicaRef replica(Replica message) {
        return new ReplicaRef(
                new NodeId(message.getNodeId()),
                new Incarnation(message.getIncarnation()),
                message.getInSync());
    }
}
