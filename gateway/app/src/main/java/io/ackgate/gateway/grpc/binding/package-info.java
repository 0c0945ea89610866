/**
 * What stands between Quarkus's gRPC server and the services: a marshaller of ours for requests,
 * which copies less and does not lose what is malformed, and calls that end with their connection.
 * {@code gateway/docs/adr/0012-grpc-edge.md} says why.
 */
@NullMarked
package io.ackgate.gateway.grpc.binding;

import org.jspecify.annotations.NullMarked;
