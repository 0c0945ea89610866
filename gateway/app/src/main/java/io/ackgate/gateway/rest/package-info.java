/**
 * The admin API, {@code /admin/v1}: JSON for operators, curl and the console, not for load. Errors
 * are RFC 9457 problems with the same codes as in gRPC.
 */
@NullMarked
package io.ackgate.gateway.rest;

import org.jspecify.annotations.NullMarked;
