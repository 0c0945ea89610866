/**
 * The loop of a thread that has its work to itself: what many threads put in is run by one, in the
 * order in which it came. See ADR 0013.
 */
@NullMarked
package io.ackgate.gateway.loop;

import org.jspecify.annotations.NullMarked;
