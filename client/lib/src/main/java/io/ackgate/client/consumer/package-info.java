/**
 * How committed records get from the gateway to {@link io.ackgate.client.AckgateConsumer}.
 * Internal: it may change with any version.
 *
 * <p>Place in the flow: {@link io.ackgate.client.consumer.StartOffsets} turns "earliest", a
 * timestamp or a group into offsets; then each partition has a {@link
 * io.ackgate.client.consumer.PartitionReading} of its own, a stream that goes on where it was when
 * it breaks. What the streams bring waits in one queue until the caller takes it, and only then is
 * more asked for.
 */
@NullMarked
package io.ackgate.client.consumer;

import org.jspecify.annotations.NullMarked;
