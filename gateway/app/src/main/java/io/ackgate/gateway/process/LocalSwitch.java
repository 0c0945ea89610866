package io.ackgate.gateway.process;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.local.InProcessTransport;
import java.io.IOException;

/** Switches the nodes of this process. */
final class LocalSwitch implements NodeSwitch {
    private final InProcessTransport nodes;

    LocalSwitch(InProcessTransport nodes) {
        this.nodes = nodes;
    }

    @Override
    public boolean has(NodeId node) {
        return nodes.ids().contains(node);
    }

    @Override
    public void stop(NodeId node) {
        nodes.stopNode(node);
    }

    @Override
    public void start(NodeId node) {
        try {
            nodes.startNode(node);
        } catch (IOException e) {
            throw Failure.refused(
                            ErrorCode.KAFKA_STORAGE_ERROR,
                            "id",
                            "%s does not start, and is tried again every second: %s"
                                    .formatted(node, e.getMessage()))
                    .asException();
        }
    }
}
