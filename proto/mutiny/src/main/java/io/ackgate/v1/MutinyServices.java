package io.ackgate.v1;

import io.grpc.ServerServiceDefinition;

/**
 * Binds implementations of the Mutiny interfaces as Quarkus does, for those that have to change the
 * definitions before they are served. What binds them is generated and visible in this package
 * only.
 */
public final class MutinyServices {
    private MutinyServices() {}

    /** The definition by which an implementation is served. */
    public static ServerServiceDefinition bind(ProducerService service) {
        return new ProducerServiceBean(service).bindService();
    }

    /** The definition by which an implementation is served. */
    public static ServerServiceDefinition bind(ConsumerService service) {
        return new ConsumerServiceBean(service).bindService();
    }

    /** The definition by which an implementation is served. */
    public static ServerServiceDefinition bind(ClusterService service) {
        return new ClusterServiceBean(service).bindService();
    }
}
