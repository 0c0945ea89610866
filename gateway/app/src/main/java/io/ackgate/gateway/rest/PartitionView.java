package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A partition as this gateway sees it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Partition", description = "A partition as this gateway sees it")
record PartitionView(
        @Schema(examples = "0") int partition,
        @Schema(description = "Whether requests are served right now") boolean online,
        @Schema(
                        description =
                                "Where the owner stands: IDLE, CLAIMING, FENCING, PUBLISHING,"
                                        + " RECOVERING or SERVING",
                        examples = "SERVING")
                String phase,
        @Schema(description = "Epoch of the owner; 0 before the first", examples = "3")
                int leaderEpoch,
        @Schema(description = "Session of the gateway that owns it, hexadecimal")
                @Nullable String owner,
        @Schema(description = "Node of the leader replica", examples = "1")
                @Nullable Integer leader,
        @Schema(description = "Nodes of the in-sync replicas, as committed", examples = "[1, 2, 3]")
                List<Integer> isr,
        @Schema(
                        description =
                                "First offset that cannot be read yet; left out while a new owner"
                                        + " does not know it",
                        examples = "1707")
                @Nullable Long highWatermark,
        @Schema(
                        description =
                                "Offset of the next record to be written; left out where the high"
                                        + " watermark is",
                        examples = "1707")
                @Nullable Long logEndOffset,
        @Schema(description = "Bytes of batches that not every in-sync replica has yet")
                long pendingBytes,
        @Schema(
                        description =
                                "Times that a replica that was not in sync was made the leader:"
                                        + " records may have been lost each time")
                int uncleanElections,
        @Schema(description = "Leader epoch of the last of them", examples = "7")
                @Nullable Integer lastUncleanEpoch,
        @Schema(
                        description =
                                "Leader epoch of the last of them that began with a new, empty log:"
                                        + " every record of the epochs before it is lost",
                        examples = "7")
                @Nullable Integer lastEmptiedEpoch,
        List<ReplicaView> replicas,
        @Schema(
                        description =
                                "Without a leader: what each replica says of its log, and so what"
                                        + " an unclean election would lose")
                @Nullable List<ReplicaAnswerView> answers) {

    /** One replica of a partition. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Replica")
    record ReplicaView(
            @Schema(examples = "2") int node,
            boolean leader,
            @Schema(description = "Whether it is in the ISR, as committed") boolean inSync,
            @Schema(description = "Where it stands with the owner") @Nullable String stage,
            @Schema(description = "Durable end of its log, as acknowledged in this epoch")
                    @Nullable Long logEndOffset,
            @Schema(description = "Records behind the owner's end of log", examples = "0")
                    @Nullable Long lag) {}

    static PartitionView of(int partition, PartitionStatus status) {
        PartitionState state = status.state();
        return new PartitionView(
                partition,
                status.phase() == PartitionStatus.Phase.SERVING,
                status.phase().name(),
                state == null ? 0 : state.leaderEpoch(),
                state == null || state.owner().equals(GatewaySession.NONE)
                        ? null
                        : state.owner().toString(),
                state == null ? null : state.leader().map(NodeId::value).orElse(null),
                state == null
                        ? List.of()
                        : state.isr().stream().map(ref -> ref.node().value()).sorted().toList(),
                known(status.highWatermark()),
                known(status.logEnd()),
                status.pendingBytes(),
                state == null ? 0 : state.uncleanElections(),
                state == null || state.lastUncleanEpoch() == 0 ? null : state.lastUncleanEpoch(),
                state == null || state.lastEmptiedEpoch() == 0 ? null : state.lastEmptiedEpoch(),
                state == null
                        ? List.of()
                        : state.replicas().stream().map(ref -> replica(ref, status)).toList(),
                status.answers().isEmpty()
                        ? null
                        : status.answers().stream().map(ReplicaAnswerView::of).toList());
    }

    private static ReplicaView replica(ReplicaRef ref, PartitionStatus status) {
        for (PartitionStatus.Replica seen : status.replicas()) {
            if (seen.node().equals(ref.node())) {
                return new ReplicaView(
                        ref.node().value(),
                        seen.leader(),
                        ref.inSync(),
                        seen.stage().name(),
                        known(seen.logEnd()),
                        known(seen.lag()));
            }
        }
        return new ReplicaView(ref.node().value(), false, ref.inSync(), null, null, null);
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }
}
