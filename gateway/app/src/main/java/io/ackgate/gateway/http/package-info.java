/** What gRPC and REST have in common: the HTTP requests that carry them, on one port. */
@NullMarked
package io.ackgate.gateway.http;

import org.jspecify.annotations.NullMarked;
