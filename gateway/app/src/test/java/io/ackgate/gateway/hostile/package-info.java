/** Callers who keep to no rule, spoken for byte by byte. */
@NullMarked
package io.ackgate.gateway.hostile;

import org.jspecify.annotations.NullMarked;
