/**
 * Errors as callers meet them: one table of codes, and how outcomes of the layers below become
 * entries of it. What a code looks like on a wire is the business of {@code grpc} and {@code rest}.
 */
@NullMarked
package io.ackgate.gateway.error;

import org.jspecify.annotations.NullMarked;
