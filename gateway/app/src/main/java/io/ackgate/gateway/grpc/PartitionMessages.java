package io.ackgate.gateway.grpc;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.v1.PartitionDescription;
import io.ackgate.v1.ReplicaDescription;
import org.jspecify.annotations.Nullable;

/** A partition's status as a message. */
final class PartitionMessages {
    private PartitionMessages() {}

    static PartitionDescription description(int partition, PartitionStatus status) {
        PartitionDescription.Builder description =
                PartitionDescription.newBuilder()
                        .setPartition(partition)
                        .setOnline(status.phase() == PartitionStatus.Phase.SERVING);
        if (status.highWatermark() >= 0) {
            description.setHighWatermark(status.highWatermark());
        }
        if (status.logEnd() >= 0) {
            description.setLogEndOffset(status.logEnd());
        }
        PartitionState state = status.state();
        if (state != null) {
            describe(state, status, description);
        }
        return description.build();
    }

    private static void describe(
            PartitionState state,
            PartitionStatus status,
            PartitionDescription.Builder description) {
        description.setLeaderEpoch(state.leaderEpoch());
        if (!state.owner().equals(GatewaySession.NONE)) {
            description.setOwner(state.owner().toString());
        }
        state.leader().ifPresent(leader -> description.setLeader(leader.value()));
        for (ReplicaRef ref : state.replicas()) {
            ReplicaDescription.Builder replica =
                    ReplicaDescription.newBuilder()
                            .setNodeId(ref.node().value())
                            .setInSync(ref.inSync());
            PartitionStatus.Replica seen = seen(status, ref);
            if (seen != null && seen.logEnd() >= 0) {
                replica.setLogEndOffset(seen.logEnd());
            }
            if (seen != null && seen.lag() >= 0) {
                replica.setLag(seen.lag());
            }
            description.addReplicas(replica);
        }
    }

    private static PartitionStatus.@Nullable Replica seen(PartitionStatus status, ReplicaRef ref) {
        for (PartitionStatus.Replica replica : status.replicas()) {
            if (replica.node().equals(ref.node())) {
                return replica;
            }
        }
        return null;
    }
}
