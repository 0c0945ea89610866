package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.gateway.process.ClusterView.KnownNode;
import io.ackgate.gateway.process.NodeSwitch;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.StorageNodes;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The door for storage nodes; those in this process can be stopped and started. */
@Singleton
public class NodeAdmin {
    private final ClusterView cluster;
    private final StorageNodes nodes;
    private final NodeSwitch nodeSwitch;

    NodeAdmin(ClusterView cluster, StorageNodes nodes, NodeSwitch nodeSwitch) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.nodeSwitch = nodeSwitch;
    }

    /**
     * A node with what it says of itself.
     *
     * @param report null if it does not answer
     */
    public record DescribedNode(KnownNode node, @Nullable NodeReport report) {}

    /** All storage nodes, by id. */
    public List<KnownNode> list(Caller caller) {
        return cluster.nodes();
    }

    /** A storage node, with what it says of itself if it answers; on any thread. */
    public Uni<DescribedNode> describe(Caller caller, int id) {
        KnownNode node = known(id);
        return Uni.createFrom()
                .completionStage(() -> nodes.report(node.id()))
                .map(report -> new DescribedNode(node, report))
                .onFailure()
                .recoverWithItem(silent -> new DescribedNode(node, null));
    }

    /** Stops a node of this process, in good order; waits for that. */
    public KnownNode stop(Caller caller, int id) {
        nodeSwitch.stop(local(id));
        return known(id);
    }

    /** Starts a node of this process again; waits until its logs are recovered. */
    public KnownNode start(Caller caller, int id) {
        nodeSwitch.start(local(id));
        return known(id);
    }

    private NodeId local(int id) {
        NodeId node = known(id).id();
        if (!nodeSwitch.has(node)) {
            throw Failure.refused(
                            ErrorCode.INVALID_REQUEST,
                            "id",
                            "%s is a process of its own: stop and start it where it runs"
                                    .formatted(node))
                    .asException();
        }
        return node;
    }

    private KnownNode known(int id) {
        return cluster.nodes().stream()
                .filter(node -> node.id().value() == id)
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.refused(
                                                ErrorCode.BROKER_ID_NOT_REGISTERED,
                                                "id",
                                                "there is no node %d".formatted(id))
                                        .asException());
    }
}
