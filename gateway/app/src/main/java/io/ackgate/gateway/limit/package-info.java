/**
 * What one caller may take of the port before anybody has looked at what it wants: connections that
 * give no sign of life, requests that do not come to their end, bodies, and calls that are open. It
 * is the same for gRPC and REST. The bounds of HTTP itself are Quarkus's own settings.
 */
@NullMarked
package io.ackgate.gateway.limit;

import org.jspecify.annotations.NullMarked;
