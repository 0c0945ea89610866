package io.ackgate.gateway.process;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A transport that can tell to which nodes it has a stream, and how long they take to append. */
final class WatchedTransport implements StorageTransport {
    private final StorageTransport transport;
    private final AppendSamples samples;
    private final Set<NodeId> connected = ConcurrentHashMap.newKeySet();

    WatchedTransport(StorageTransport transport, AppendSamples samples) {
        this.transport = transport;
        this.samples = samples;
    }

    boolean isConnected(NodeId node) {
        return connected.contains(node);
    }

    @Override
    public void start(Listener listener) {
        transport.start(
                new Listener() {
                    @Override
                    public void opened(NodeId node, long stream) {
                        connected.add(node);
                        listener.opened(node, stream);
                    }

                    @Override
                    public void closed(NodeId node, long stream, String why) {
                        connected.remove(node);
                        samples.forget(node);
                        listener.closed(node, stream, why);
                    }

                    @Override
                    public void answered(NodeId node, long stream, List<StorageAnswer> answers) {
                        samples.answered(node, answers);
                        listener.answered(node, stream, answers);
                    }
                });
    }

    @Override
    public void send(NodeId node, long stream, StorageRequest request) {
        if (request instanceof StorageRequest.Append append) {
            samples.sent(node, append);
        }
        transport.send(node, stream, request);
    }

    @Override
    public boolean hasRoom(NodeId node) {
        return transport.hasRoom(node);
    }

    @Override
    public void flush() {
        transport.flush();
    }

    @Override
    public void close() {
        transport.close();
    }
}
