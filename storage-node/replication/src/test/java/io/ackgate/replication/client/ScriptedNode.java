package io.ackgate.replication.client;

import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.storage.v1.NodeHello;
import io.ackgate.storage.v1.ReplicateRequest;
import io.ackgate.storage.v1.ReplicateResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;

/** The far end of a stream, which does with each message whatever a test wants. */
final class ScriptedNode implements AutoCloseable {
    private final Server server;

    /**
     * Listens on a free port of loopback.
     *
     * @param script is given each message with the call; asks for the next one itself
     */
    ScriptedNode(
            BiConsumer<ServerCall<ReplicateRequest, ReplicateResponse>, ReplicateRequest> script)
            throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .directExecutor()
                        .addService(
                                ServerServiceDefinition.builder(
                                                ServiceDescriptor.newBuilder(
                                                                ReplicaMethods.REPLICATE
                                                                        .getServiceName())
                                                        .addMethod(ReplicaMethods.REPLICATE)
                                                        .build())
                                        .addMethod(
                                                ReplicaMethods.REPLICATE,
                                                (call, _) -> accept(call, script))
                                        .build())
                        .build()
                        .start();
    }

    private static ServerCall.Listener<ReplicateRequest> accept(
            ServerCall<ReplicateRequest, ReplicateResponse> call,
            BiConsumer<ServerCall<ReplicateRequest, ReplicateResponse>, ReplicateRequest> script) {
        call.sendHeaders(new Metadata());
        call.request(1);
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(ReplicateRequest message) {
                script.accept(call, message);
            }
        };
    }

    /** Says hello as this node of cluster "test". */
    static void greet(ServerCall<ReplicateRequest, ReplicateResponse> call, int node) {
        greet(call, node, "test");
    }

    /** Says hello as this node of that cluster. */
    static void greet(
            ServerCall<ReplicateRequest, ReplicateResponse> call, int node, String cluster) {
        call.sendMessage(
                ReplicateResponse.newBuilder()
                        .setHello(
                                NodeHello.newBuilder()
                                        .setNodeId(node)
                                        .setCookie("c")
                                        .setClusterId(cluster))
                        .build());
    }

    NodeAddress address() {
        return new NodeAddress("127.0.0.1", server.getPort());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
