package io.ackgate.storage.node.stream;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.v1.GatewayHello;
import io.ackgate.storage.v1.NodeHello;
import org.jspecify.annotations.Nullable;

/**
 * Who this node is.
 *
 * @param clusterId of the cluster whose data it holds
 * @param node its number
 * @param cookie UUID of its data directory
 */
public record NodeIdentity(String clusterId, NodeId node, String cookie) {
    /** Why a gateway is wrong here, or null when it is right. */
    @Nullable String objection(GatewayHello hello) {
        if (!hello.getClusterId().equals(clusterId)) {
            return "this is a node of cluster '%s' and cluster '%s' was asked for"
                    .formatted(clusterId, hello.getClusterId());
        }
        if (hello.getNodeId() != node.value()) {
            return "this is node %d and node %d was asked for"
                    .formatted(node.value(), hello.getNodeId());
        }
        return null;
    }

    NodeHello hello() {
        return NodeHello.newBuilder().setNodeId(node.value()).setCookie(cookie).build();
    }
}
