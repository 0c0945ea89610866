package io.ackgate.gateway.process;

import io.ackgate.storage.api.NodeId;
import java.util.List;

/** The processes of the cluster as this gateway sees them. Any thread. */
public interface ClusterView {
    /**
     * A storage node.
     *
     * @param address host:port of its gRPC service; empty when it lives in this process
     * @param connected whether this gateway has an open stream to it
     * @param registered whether it is a member of the cluster, to which replicas can be given
     */
    record KnownNode(NodeId id, String address, boolean connected, boolean registered) {}

    /**
     * A gateway.
     *
     * @param session its session id, hexadecimal; another one after every start
     * @param address host:port for clients
     * @param self whether it is this one
     */
    record LiveGateway(String session, String address, boolean self) {}

    /** Unique id of the cluster. */
    String clusterId();

    /** "standalone" or "cluster". */
    String mode();

    /** Storage nodes by id. */
    List<KnownNode> nodes();

    /** Gateways, this one included. */
    List<LiveGateway> gateways();
}
