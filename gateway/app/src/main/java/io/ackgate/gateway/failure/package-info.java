/**
 * Failures as callers meet them: an entry of the table of errors and what happened. Outcomes of the
 * layers below become failures here. What a failure looks like on a wire is the business of {@code
 * grpc} and {@code rest}.
 */
@NullMarked
package io.ackgate.gateway.failure;

import org.jspecify.annotations.NullMarked;
