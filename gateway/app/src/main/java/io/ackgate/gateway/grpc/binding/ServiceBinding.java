package io.ackgate.gateway.grpc.binding;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/** Puts the marshaller of ours around a service that is bound as it was generated. */
public final class ServiceBinding {
    private ServiceBinding() {}

    /** The same service, whose requests are read by {@link RequestMarshaller}. */
    public static ServerServiceDefinition around(ServerServiceDefinition generated) {
        ServiceDescriptor given = generated.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(given.getName())
                        .setSchemaDescriptor(given.getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : generated.getMethods()) {
            ServerMethodDefinition<?, ?> shared = sharing(method);
            descriptor.addMethod(shared.getMethodDescriptor());
            methods.add(shared);
        }
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(service::addMethod);
        return service.build();
    }

    @SuppressWarnings("unchecked") // the prototype of a generated method is a message
    private static <Q, A> ServerMethodDefinition<Q, A> sharing(
            ServerMethodDefinition<Q, A> generated) {
        MethodDescriptor<Q, A> method = generated.getMethodDescriptor();
        if (!(method.getRequestMarshaller() instanceof MethodDescriptor.PrototypeMarshaller<Q> stock
                && stock.getMessagePrototype() instanceof Message example)) {
            throw new IllegalArgumentException(
                    method.getFullMethodName() + " does not take a generated message");
        }
        MethodDescriptor.Marshaller<Q> requests =
                (MethodDescriptor.Marshaller<Q>) new RequestMarshaller<>(example);
        return ServerMethodDefinition.create(
                method.toBuilder(requests, method.getResponseMarshaller()).build(),
                generated.getServerCallHandler());
    }
}
