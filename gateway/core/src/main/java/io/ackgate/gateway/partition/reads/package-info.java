/**
 * Requests of consumers: what is committed is read from the leader replica, what is not is waited
 * for.
 */
@NullMarked
package io.ackgate.gateway.partition.reads;

import org.jspecify.annotations.NullMarked;
