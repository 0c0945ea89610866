package io.ackgate.gateway.grpc.binding;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.quarkus.grpc.stubs.ServerCalls;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Puts a service together from methods that are given as functions on Mutiny's types. */
public final class ServiceBinding {
    private final ServiceDescriptor generated;
    private final List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();

    /**
     * Starts a service.
     *
     * @param generated what it is called and where it is described
     */
    public ServiceBinding(ServiceDescriptor generated) {
        this.generated = generated;
    }

    /** One request, one answer. */
    public <Q extends Message, A> ServiceBinding unary(
            MethodDescriptor<Q, A> method, Function<Q, Uni<A>> service) {
        methods.add(
                ServerMethodDefinition.create(
                        sharing(method),
                        io.grpc.stub.ServerCalls.asyncUnaryCall(
                                (request, out) ->
                                        ServerCalls.oneToOne(request, out, null, service))));
        return this;
    }

    /** One request, a stream of answers. */
    public <Q extends Message, A> ServiceBinding serverStream(
            MethodDescriptor<Q, A> method, Function<Q, Multi<A>> service) {
        methods.add(
                ServerMethodDefinition.create(
                        sharing(method),
                        io.grpc.stub.ServerCalls.asyncServerStreamingCall(
                                (request, out) ->
                                        ServerCalls.oneToMany(request, out, null, service))));
        return this;
    }

    /** A stream of requests, a stream of answers. */
    public <Q extends Message, A> ServiceBinding bidiStream(
            MethodDescriptor<Q, A> method, Function<Multi<Q>, Multi<A>> service) {
        methods.add(
                ServerMethodDefinition.create(
                        sharing(method),
                        io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
                                out -> ServerCalls.manyToMany(out, service))));
        return this;
    }

    private static <Q extends Message, A> MethodDescriptor<Q, A> sharing(
            MethodDescriptor<Q, A> method) {
        if (!(method.getRequestMarshaller()
                instanceof MethodDescriptor.PrototypeMarshaller<Q> stock)) {
            throw new IllegalArgumentException(method.getFullMethodName() + " is not generated");
        }
        Q example = stock.getMessagePrototype();
        if (example == null) {
            throw new IllegalArgumentException(method.getFullMethodName() + " has no prototype");
        }
        return method.toBuilder(new RequestMarshaller<>(example), method.getResponseMarshaller())
                .build();
    }

    /** The service, with all methods that it is described with. */
    public ServerServiceDefinition build() {
        if (methods.size() != generated.getMethods().size()) {
            throw new IllegalStateException(
                    "%s has %d methods, %d are bound"
                            .formatted(
                                    generated.getName(),
                                    generated.getMethods().size(),
                                    methods.size()));
        }
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(generated.getName())
                        .setSchemaDescriptor(generated.getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(service::addMethod);
        return service.build();
    }
}
