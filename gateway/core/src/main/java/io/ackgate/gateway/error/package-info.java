/**
 * The table of errors: names and codes, and what each of them means for a caller. Everything else
 * in the gateway refers to it; it refers to nothing.
 */
@NullMarked
package io.ackgate.gateway.error;

import org.jspecify.annotations.NullMarked;
