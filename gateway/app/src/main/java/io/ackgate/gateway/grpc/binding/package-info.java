/**
 * How Mutiny services are bound to gRPC: with Quarkus' own stubs for the calls, but with a
 * marshaller of ours for requests, which copies less and does not lose what is malformed.
 */
@NullMarked
package io.ackgate.gateway.grpc.binding;

import org.jspecify.annotations.NullMarked;
