/**
 * When a produce request is acknowledged: the high watermark rises, and the waits of acks=1 and
 * acks=all end.
 */
@NullMarked
package io.ackgate.gateway.partition.acks;

import org.jspecify.annotations.NullMarked;
