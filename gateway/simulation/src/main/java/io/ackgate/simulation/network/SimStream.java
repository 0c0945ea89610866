package io.ackgate.simulation.network;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import org.jspecify.annotations.Nullable;

/** One stream between a gateway process and a run of a node, and what each end believes of it. */
public final class SimStream {
    private final GatewayEnd gateway;
    private final NodeEnd node;
    private final int nodeRun;
    private final long number;
    private @Nullable Pipe<StorageRequest> requests;
    private @Nullable Pipe<StorageAnswer> answers;
    private boolean openAtGateway;
    private boolean openAtNode = true;

    SimStream(GatewayEnd gateway, NodeEnd node, long number) {
        this.gateway = gateway;
        this.node = node;
        this.nodeRun = node.run();
        this.number = number;
    }

    void connect(Pipe<StorageRequest> toNode, Pipe<StorageAnswer> toGateway) {
        requests = toNode;
        answers = toGateway;
    }

    /** As the node knows it. */
    public StreamSession session() {
        return new StreamSession(gateway.session(), number);
    }

    /** Sends an answer back; lost if the stream is broken. */
    public void answer(StorageAnswer answer) {
        if (answers != null && openAtNode) {
            answers.send(answer);
        }
    }

    void request(StorageRequest request) {
        if (requests != null && openAtGateway) {
            requests.send(request);
        }
    }

    void deliverRequest(StorageRequest request) {
        if (node.isUp() && node.run() == nodeRun && openAtNode) {
            node.request(this, request);
        }
    }

    void deliverAnswer(StorageAnswer answer) {
        if (gateway.exists()) {
            gateway.answered(node.id(), number, answer);
        }
    }

    void openAtGateway() {
        openAtGateway = true;
        gateway.opened(node.id(), number);
    }

    /** The gateway's end learns that the stream is gone. */
    void closeAtGateway() {
        if (openAtGateway) {
            openAtGateway = false;
            if (gateway.exists()) {
                gateway.closed(node.id(), number);
            }
        }
    }

    void closeAtNode() {
        if (openAtNode) {
            openAtNode = false;
            if (node.isUp() && node.run() == nodeRun) {
                node.closed(this);
            }
        }
    }

    void breakOff() {
        if (requests != null && answers != null) {
            requests.breakOff();
            answers.breakOff();
        }
    }

    /** The run of the node that held the stream is gone: what was on its way there is lost. */
    void loseNode() {
        openAtNode = false;
        if (requests != null && answers != null) {
            requests.drop();
            answers.breakOff();
        }
    }

    void deliver() {
        if (requests != null && answers != null) {
            requests.deliver();
            answers.deliver();
        }
    }

    /** Whether its gateway has given it up: whatever still arrives on it is late. */
    public boolean isGivenUp() {
        return !openAtGateway;
    }

    boolean isOpenAtGateway() {
        return openAtGateway;
    }

    long number() {
        return number;
    }

    boolean reaches(NodeEnd other) {
        return node.id().equals(other.id()) && nodeRun == other.run() && node.isUp();
    }
}
