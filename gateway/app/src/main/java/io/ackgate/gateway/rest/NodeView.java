package io.ackgate.gateway.rest;

import io.ackgate.gateway.process.ClusterView;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A storage node. */
@Schema(name = "Node")
record NodeView(
        @Schema(examples = "1") int id,
        @Schema(
                        description = "host:port of its gRPC service; empty in this process",
                        examples = "10.0.0.7:9090")
                String address,
        @Schema(description = "Whether this gateway has an open stream to it") boolean connected) {

    static NodeView of(ClusterView.KnownNode node) {
        return new NodeView(node.id().value(), node.address(), node.connected());
    }
}
